using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>The tags of a run's events, as Datadog's SDKs write them; nothing else ties a span to its record.</summary>
internal sealed class RunTags(RunTarget target)
{
    /// <summary>The link from the copy of a span to the original: a tag and a member of <c>meta</c>.</summary>
    public const string ParentSpan = "parent_experiment_span_id";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<(string? RunId, int Iteration), SharedTags> _ofSpans = [];
    private readonly Dictionary<(string? RunId, int Iteration), SharedTags> _ofMetrics = [];

    /// <summary>The tags of a row's span, as a JSON list.</summary>
    public byte[] OfSpan(ResultRow row)
    {
        (string?, int) run = (row.RunId, row.RunIteration);
        if (!_ofSpans.TryGetValue(run, out SharedTags? shared))
        {
            _ofSpans.Add(run, shared = new SharedTags([.. OfRun(row.RunId, row.RunIteration), .. Common(target), .. target.Tags]));
        }

        return shared.With([.. OfRecord(row), .. row.Tags]);
    }

    /// <summary>The tags of a metric, as a JSON list.</summary>
    public byte[] OfMetric(string? runId, int iteration, IReadOnlyList<string> own)
    {
        if (!_ofMetrics.TryGetValue((runId, iteration), out SharedTags? shared))
        {
            _ofMetrics.Add((runId, iteration), shared = new SharedTags([.. OfRun(runId, iteration)]));
        }

        return own.Count == 0 ? shared.Alone : shared.With(own);
    }

    private IEnumerable<string> OfRun(string? runId, int iteration) =>
        [$"experiment_id:{target.ExperimentId}", $"run_id:{runId}", FormattableString.Invariant($"run_iteration:{iteration}")];

    private static IEnumerable<string> OfRecord(ResultRow row)
    {
        if (row.RecordId.Length > 0)
        {
            yield return $"dataset_record_id:{row.RecordId}";
        }

        if (row.ParentSpanId is not null)
        {
            yield return $"{ParentSpan}:{row.ParentSpanId}";
        }
    }

    private static IEnumerable<string> Common(RunTarget target)
    {
        yield return $"project_id:{target.ProjectId}";
        if (target.ProjectName is not null)
        {
            yield return $"project_name:{target.ProjectName}";
        }

        yield return $"dataset_id:{target.DatasetId}";
        if (target.DatasetName is not null)
        {
            yield return $"dataset_name:{target.DatasetName}";
        }

        yield return $"experiment_name:{target.ExperimentName}";
    }

    /// <summary>The tags that all events of an iteration have, written once.</summary>
    private sealed class SharedTags(string[] tags)
    {
        private readonly HashSet<string> _tags = new(tags, StringComparer.Ordinal);

        public byte[] Alone { get; } = JsonSerializer.SerializeToUtf8Bytes(tags.Distinct(StringComparer.Ordinal), Options);

        /// <summary>They and others, none twice.</summary>
        public byte[] With(IReadOnlyList<string> others)
        {
            string[] own = [.. others.Where(tag => !_tags.Contains(tag)).Distinct(StringComparer.Ordinal)];
            if (own.Length == 0)
            {
                return Alone;
            }

            byte[] json = JsonSerializer.SerializeToUtf8Bytes(own, Options);
            json[0] = (byte)','; // in the place of its bracket
            return [.. Alone.AsSpan()[..^1], .. json];
        }
    }
}

/// <summary>
/// The ids of an experiment's iterations. They follow from the experiment's id, so that the parts of one that runs on several
/// machines, or goes on after it was cut off, have the same.
/// </summary>
internal static class RunIds
{
    public static string Of(string experimentId, int iteration)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{experimentId} {iteration}"))).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // version 4, the form that Datadog's SDKs send
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
