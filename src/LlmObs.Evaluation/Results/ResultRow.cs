using System.Buffers.Text;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>One row of a result file.</summary>
public sealed record ResultRow
{
    /// <summary>Where it was read: for <see cref="IResultRows.ReadRow"/>, and not written.</summary>
    public long Position { get; init; }

    /// <summary>The id of the dataset's record; empty if the row was not run on one.</summary>
    public required string RecordId { get; init; }

    /// <summary>The id of the iteration.</summary>
    public string? RunId { get; init; }

    /// <summary>Which iteration it is, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The id of the row's span.</summary>
    public string? SpanId { get; init; }

    /// <summary>The name of the row's span; null for the logical name of the experiment.</summary>
    public string? SpanName { get; init; }

    /// <summary>The id of the span that was judged again, if this row is a copy of one.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>The id of the row's trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>When the task began, in nanoseconds since 1970 UTC.</summary>
    public long? StartNs { get; init; }

    /// <summary>How long the task took, in nanoseconds.</summary>
    public long? DurationNs { get; init; }

    /// <summary>The record's input.</summary>
    public RawJson Input { get; init; }

    /// <summary>The record's expected output.</summary>
    public RawJson ExpectedOutput { get; init; }

    /// <summary>What the task gave.</summary>
    public RawJson Output { get; init; }

    /// <summary>The metadata, a JSON object.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>The tags of the record and of the task, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How the task ended: one of <see cref="SpanStatus"/>.</summary>
    public string Status { get; init; } = SpanStatus.Ok;

    /// <summary>Why the task failed.</summary>
    public RowError? Error { get; init; }

    /// <summary>Tokens that the task sent to a model.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens that the task got from a model.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>What the task cost, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether the output was taken from the cache.</summary>
    public bool FromCache { get; init; }

    /// <summary>What the evaluators found, in their order; each label once.</summary>
    public IReadOnlyList<ResultEvaluation> Evaluations { get; init; } = [];

    /// <summary>Whether the task failed.</summary>
    public bool IsFailed => Status == SpanStatus.Error;
}

/// <summary>What one evaluator found, as a result file keeps it.</summary>
public sealed record ResultEvaluation
{
    /// <summary>The label of the metric.</summary>
    public required string Label { get; init; }

    /// <summary>The kind of the value: one of <see cref="LlmObs.MetricType"/>; null if there is no value.</summary>
    public string? MetricType { get; init; }

    /// <summary>The value.</summary>
    public RawJson Value { get; init; }

    /// <summary>The verdict: one of <see cref="MetricAssessment"/>.</summary>
    public string? Assessment { get; init; }

    /// <summary>Why the value is what it is.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What went wrong.</summary>
    public RowError? Error { get; init; }

    /// <summary>Whatever else the evaluator tells, a JSON object.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>Tags of the metric, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The value as a number; null if it is none.</summary>
    public double? Score =>
        Utf8Parser.TryParse(Value.Utf8.Span, out double number, out int read) && read == Value.Utf8.Length && double.IsFinite(number) ? number : null;

    /// <summary>The value as a boolean; null if it is none.</summary>
    public bool? Boolean => Value.Utf8.Span.SequenceEqual("true"u8) ? true : Value.Utf8.Span.SequenceEqual("false"u8) ? false : null;

    /// <summary>The value as text; null if it is none.</summary>
    /// <exception cref="JsonException">The value is not JSON.</exception>
    public string? Category => !Value.IsMissing && Value.Utf8.Span[0] == '"' ? Value.Read().GetString() : null;
}

/// <summary>What the summary evaluators found of one iteration.</summary>
public sealed record ResultSummary
{
    /// <summary>The id of the iteration.</summary>
    public string? RunId { get; init; }

    /// <summary>Which iteration it is, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>What was found.</summary>
    public IReadOnlyList<ResultEvaluation> Evaluations { get; init; } = [];
}

/// <summary>How a run ended.</summary>
public sealed record ResultEnd
{
    /// <summary>One of <see cref="ExperimentStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>The rows of a run, wherever they are: in a result file, at hand, or read back from the service.</summary>
public interface IResultRows
{
    /// <summary>Which experiment the rows belong to.</summary>
    ResultHeader Header { get; }

    /// <summary>How the run ended; null if it was cut off, or is not known.</summary>
    ResultEnd? End { get; }

    /// <summary>How many rows there are, replaced ones not counted.</summary>
    long RowCount { get; }

    /// <summary>What the summary evaluators found, one for each iteration.</summary>
    IReadOnlyList<ResultSummary> Summaries { get; }

    /// <summary>Reads the rows in the order in which they were finished. May be called again.</summary>
    /// <returns>The rows; one is made when it is asked for.</returns>
    /// <exception cref="ResultFileException">A line of a file can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    IEnumerable<ResultRow> Rows();

    /// <summary>Reads one row again.</summary>
    /// <param name="position">Its <see cref="ResultRow.Position"/>.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ResultFileException">The file has changed, and there is no row any more.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    ResultRow ReadRow(long position);
}

/// <summary>Rows that are at hand.</summary>
/// <param name="header">Which experiment they belong to.</param>
/// <param name="rows">The rows; of several for the same record and iteration the last counts.</param>
/// <param name="summaries">What the summary evaluators found.</param>
/// <param name="end">How the run ended.</param>
public sealed class ResultList(ResultHeader header, IReadOnlyList<ResultRow> rows, IReadOnlyList<ResultSummary> summaries, ResultEnd? end) : IResultRows
{
    /// <inheritdoc/>
    public ResultHeader Header => header;

    /// <summary>The same rows under the names of what they belong to.</summary>
    /// <param name="project">The project's name; null if it is not known.</param>
    /// <param name="dataset">The dataset's name; null if it is not known.</param>
    /// <returns>The rows; names that the header has stay.</returns>
    public ResultList Named(string? project, string? dataset) =>
        new(header with { ProjectName = header.ProjectName ?? project, DatasetName = header.DatasetName ?? dataset }, rows, summaries, end);

    /// <inheritdoc/>
    public ResultEnd? End => end;

    /// <inheritdoc/>
    public long RowCount => rows.Count;

    /// <inheritdoc/>
    public IReadOnlyList<ResultSummary> Summaries => summaries;

    /// <inheritdoc/>
    public IEnumerable<ResultRow> Rows() => rows.Select((row, index) => row with { Position = index });

    /// <inheritdoc/>
    public ResultRow ReadRow(long position) => rows[(int)position] with { Position = position };
}
