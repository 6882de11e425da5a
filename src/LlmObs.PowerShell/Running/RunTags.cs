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

    private readonly string[] _common = [.. Common(target)];

    /// <summary>The tags of a row's span, as a JSON list.</summary>
    public byte[] OfSpan(ResultRow row) => Write(
        [$"experiment_id:{target.ExperimentId}", $"run_id:{row.RunId}", Iteration(row.RunIteration), .. _common, .. OfRecord(row), .. target.Tags, .. row.Tags]);

    /// <summary>The tags of a metric, as a JSON list.</summary>
    public byte[] OfMetric(string? runId, int iteration, IReadOnlyList<string> own) =>
        Write([$"experiment_id:{target.ExperimentId}", $"run_id:{runId}", Iteration(iteration), .. own]);

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

    private static string Iteration(int iteration) => FormattableString.Invariant($"run_iteration:{iteration}");

    private static byte[] Write(string[] tags) => JsonSerializer.SerializeToUtf8Bytes(tags.Distinct(StringComparer.Ordinal), Options);

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
