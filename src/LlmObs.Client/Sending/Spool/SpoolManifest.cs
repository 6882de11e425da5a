using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// The sources of a spool's run, the options for reading them, and how much of them is in requests: everything needed to continue. The
/// record exists until the last event of the run is in a request.
/// </summary>
public sealed record SpoolManifest
{
    /// <summary>The experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>The address of the service that the events are for.</summary>
    public required string Address { get; init; }

    /// <summary>The defaults of rows.</summary>
    public EventDefaults Defaults { get; init; } = new();

    /// <summary>The files, in order; without files from the pipeline, which are not known in advance.</summary>
    public IReadOnlyList<SpoolSource> Sources { get; init; } = [];

    /// <summary>True if some of the events came through the pipeline: only the caller has them.</summary>
    public bool FromPipeline { get; init; }

    /// <summary>True if the files came through the pipeline, so that more of them may have followed.</summary>
    public bool SourcesArePiped { get; init; }

    /// <summary>The separator between the cells of a CSV file.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>The name of the encoding of files without a byte order mark.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>The path to the rows of a JSON document; empty if they are at its root.</summary>
    public string RowPath { get; init; } = string.Empty;

    /// <summary>The columns of a CSV file whose text is JSON.</summary>
    public IReadOnlyList<string> JsonColumns { get; init; } = [];

    /// <summary>The mapping of a table's columns; null if rows are events by their own names.</summary>
    public SpoolTable? Table { get; init; }

    /// <summary>The most events of a request.</summary>
    public int BatchSize { get; init; } = new SendOptions().BatchSize;

    /// <summary>The most bytes of a request.</summary>
    public int MaxBatchBytes { get; init; } = new SendOptions().MaxBatchBytes;

    /// <summary>The number of events in requests, answered or not.</summary>
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

/// <summary>The JSON format of the spool's records. A member that is not known here is of another version, which reads its rows in another way.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SpoolManifest))]
internal sealed partial class SpoolJson : JsonSerializerContext;

/// <summary>A <see cref="TableMapping"/> in the form of a record.</summary>
public sealed record SpoolTable
{
    /// <summary>The columns of the input.</summary>
    public IReadOnlyList<string> InputColumns { get; init; } = [];

    /// <summary>The columns of the output.</summary>
    public IReadOnlyList<string> OutputColumns { get; init; } = [];

    /// <summary>The columns of the expected output.</summary>
    public IReadOnlyList<string> ExpectedColumns { get; init; } = [];

    /// <summary>The columns of metrics.</summary>
    public IReadOnlyList<string> MetricColumns { get; init; } = [];

    /// <summary>Their types, if they were given.</summary>
    public IReadOnlyDictionary<string, string> MetricTypes { get; init; } = new Dictionary<string, string>();

    /// <summary>The column of the dataset's record.</summary>
    public string? RecordIdColumn { get; init; }

    /// <summary>The column of the span's name.</summary>
    public string? NameColumn { get; init; }

    /// <summary>The column of the start.</summary>
    public string? StartColumn { get; init; }

    /// <summary>The column of errors.</summary>
    public string? ErrorColumn { get; init; }

    /// <summary>The columns of metadata.</summary>
    public IReadOnlyList<string> MetadataColumns { get; init; } = [];

    /// <summary>Their labels.</summary>
    public IReadOnlyDictionary<string, string> MetricLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns of reasoning.</summary>
    public IReadOnlyDictionary<string, string> ReasoningColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns of assessment.</summary>
    public IReadOnlyDictionary<string, string> AssessmentColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns that identify rows.</summary>
    public IReadOnlyList<string> IdColumns { get; init; } = [];

    /// <summary>The column of durations.</summary>
    public string? DurationColumn { get; init; }

    /// <summary>Their unit.</summary>
    public string? DurationUnit { get; init; }

    /// <summary>Text for "no value".</summary>
    public IReadOnlyList<string> MissingValues { get; init; } = TableMapping.DefaultMissingValues;

    /// <summary>True if the list was given.</summary>
    public bool AreMissingValuesGiven { get; init; }

    /// <summary>The culture of numbers.</summary>
    public string? Culture { get; init; }

    /// <summary>A mapping, to be kept.</summary>
    /// <returns>The same, in the form of a record.</returns>
    public static SpoolTable Of(TableMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return new SpoolTable
        {
            InputColumns = mapping.InputColumns,
            OutputColumns = mapping.OutputColumns,
            ExpectedColumns = mapping.ExpectedColumns,
            MetricColumns = mapping.MetricColumns,
            MetricTypes = mapping.MetricTypes,
            RecordIdColumn = mapping.RecordIdColumn,
            NameColumn = mapping.NameColumn,
            StartColumn = mapping.StartColumn,
            ErrorColumn = mapping.ErrorColumn,
            MetadataColumns = mapping.MetadataColumns,
            IdColumns = mapping.IdColumns,
            MetricLabels = mapping.MetricLabels,
            ReasoningColumns = mapping.ReasoningColumns,
            AssessmentColumns = mapping.AssessmentColumns,
            DurationColumn = mapping.DurationColumn,
            DurationUnit = mapping.DurationUnit,
            MissingValues = mapping.MissingValues,
            AreMissingValuesGiven = mapping.AreMissingValuesGiven,
            Culture = mapping.Culture,
        };
    }

    /// <summary>The mapping that was kept.</summary>
    /// <param name="jsonColumns">The columns whose text is JSON.</param>
    /// <returns>The mapping.</returns>
    public TableMapping ToMapping(IEnumerable<string> jsonColumns) => new()
    {
        InputColumns = InputColumns,
        OutputColumns = OutputColumns,
        ExpectedColumns = ExpectedColumns,
        MetricColumns = MetricColumns,
        MetricTypes = new Dictionary<string, string>(MetricTypes, StringComparer.OrdinalIgnoreCase),
        RecordIdColumn = RecordIdColumn,
        NameColumn = NameColumn,
        StartColumn = StartColumn,
        ErrorColumn = ErrorColumn,
        MetadataColumns = MetadataColumns,
        IdColumns = IdColumns,
        MetricLabels = new Dictionary<string, string>(MetricLabels, StringComparer.OrdinalIgnoreCase),
        ReasoningColumns = ReasoningColumns,
        AssessmentColumns = AssessmentColumns,
        DurationColumn = DurationColumn,
        DurationUnit = DurationUnit,
        MissingValues = MissingValues,
        AreMissingValuesGiven = AreMissingValuesGiven,
        Culture = Culture,
        JsonColumns = jsonColumns.ToHashSet(StringComparer.OrdinalIgnoreCase),
    };
}
