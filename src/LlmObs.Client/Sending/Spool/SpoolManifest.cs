using System.Text.Json.Serialization;
using System.Text.Json;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// What a run of the spool reads, how, and how much of it stands in requests already: all that is needed to read on. The
/// record is there until the last event of the run stands in a request.
/// </summary>
public sealed record SpoolManifest
{
    /// <summary>The experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>The address of the service that the events are for.</summary>
    public required string Address { get; init; }

    /// <summary>What rows need not say themselves.</summary>
    public EventDefaults Defaults { get; init; } = new();

    /// <summary>The files, in order; those of the pipeline are not known beforehand, and none is here.</summary>
    public IReadOnlyList<SpoolSource> Sources { get; init; } = [];

    /// <summary>Whether some of the events came through the pipeline: nobody but the caller has them.</summary>
    public bool FromPipeline { get; init; }

    /// <summary>Whether the files came through the pipeline, so that more of them may have followed.</summary>
    public bool SourcesArePiped { get; init; }

    /// <summary>What separates the cells of a CSV file.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Where the rows of a JSON document are; empty where they are the document itself.</summary>
    public string RowPath { get; init; } = string.Empty;

    /// <summary>The columns of a CSV file whose text is JSON.</summary>
    public IReadOnlyList<string> JsonColumns { get; init; } = [];

    /// <summary>How the columns of a table are read; null where rows are events by their own names.</summary>
    public SpoolTable? Table { get; init; }

    /// <summary>The most events of a request.</summary>
    public int BatchSize { get; init; } = new SendOptions().BatchSize;

    /// <summary>The most bytes of a request.</summary>
    public int MaxBatchBytes { get; init; } = new SendOptions().MaxBatchBytes;

    /// <summary>The events that stand in requests, answered or not.</summary>
    public long EventCount { get; init; }

    /// <summary>The requests made of them.</summary>
    public int RequestCount { get; init; }

    /// <summary>The file of the last of these events; null for the pipeline.</summary>
    public string? LastSource { get; init; }

    /// <summary>The row of the last of these events.</summary>
    public long LastRow { get; init; }

    /// <summary>The record when a batch was made durable.</summary>
    internal SpoolManifest With(EventBatch batch)
    {
        SpoolSource[] sources = [.. Sources];
        foreach ((int source, int start, int count) in batch.Parts())
        {
            if (source < sources.Length && count > 0)
            {
                sources[source] = sources[source] with
                {
                    EventCount = sources[source].EventCount + count,
                    LastRow = batch.Events[start + count - 1].Place.Row,
                };
            }
        }

        RowPlace last = batch.Events[^1].Place;
        return this with
        {
            Sources = sources,
            RequestCount = RequestCount + 1,
            EventCount = EventCount + batch.Count,
            LastSource = last.Source,
            LastRow = last.Row,
        };
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SpoolJson.Default.SpoolManifest);

    /// <exception cref="SpoolException">It is whole, and no record of this version.</exception>
    internal static SpoolManifest Read(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            SpoolManifest record = JsonSerializer.Deserialize(json, SpoolJson.Default.SpoolManifest) ?? throw new JsonException("null");
            new SendOptions { BatchSize = record.BatchSize, MaxBatchBytes = record.MaxBatchBytes }.Check();
            return record;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw SpoolFile.AnotherVersion(path, e);
        }
    }
}

/// <summary>How records of the spool become JSON and back.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SpoolManifest))]
internal sealed partial class SpoolJson : JsonSerializerContext;
