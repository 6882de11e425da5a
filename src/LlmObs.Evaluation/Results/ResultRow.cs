using System.Buffers.Text;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>One row of a result file.</summary>
public sealed record ResultRow
{
    /// <summary>The position in the file, for <see cref="IResultRows.ReadRow"/>; not written.</summary>
    public long Position { get; init; }

    /// <summary>The id of the dataset's record; empty if the row was not run on one.</summary>
    public required string RecordId { get; init; }

    /// <summary>The id of the iteration.</summary>
    public string? RunId { get; init; }

    /// <summary>The iteration, from 1.</summary>
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

    /// <summary>The duration of the task, in nanoseconds.</summary>
    public long? DurationNs { get; init; }

    /// <summary>The record's input.</summary>
    public RawJson Input { get; init; }

    /// <summary>The record's expected output.</summary>
    public RawJson ExpectedOutput { get; init; }

    /// <summary>The task's output.</summary>
    public RawJson Output { get; init; }

    /// <summary>The metadata, a JSON object.</summary>
    public RawJson Metadata { get; init; }

    /// <summary>The tags of the record and of the task, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The outcome of the task: one of <see cref="SpanStatus"/>.</summary>
    public string Status { get; init; } = SpanStatus.Ok;

    /// <summary>The task's error.</summary>
    public RowError? Error { get; init; }

    /// <summary>Tokens that the task sent to a model.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens that the task got from a model.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>The cost of the task, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>True if the output came from the cache.</summary>
    public bool FromCache { get; init; }

    /// <summary>The evaluations, in their order; each label once.</summary>
    public IReadOnlyList<ResultEvaluation> Evaluations { get; init; } = [];

    /// <summary>True if the task failed.</summary>
    public bool IsFailed => Status == SpanStatus.Error;

    /// <summary>True if the evaluator of this name has judged the row, and did not fail to.</summary>
    /// <param name="evaluator">The evaluator's name.</param>
    public bool HasEvaluationOf(string evaluator) => Evaluations.Any(one => one.EvaluatorName == evaluator && one.Error is null);
}

/// <summary>The result of one evaluator, as a result file stores it.</summary>
public sealed record ResultEvaluation
{
    /// <summary>The label of the metric.</summary>
    public required string Label { get; init; }

    /// <summary>The name of the evaluator if it is not the label: one evaluator may give several metrics.</summary>
    public string? Evaluator { get; init; }

    /// <summary>The name of the evaluator.</summary>
    public string EvaluatorName => Evaluator ?? Label;

    /// <summary>The kind of the value: one of <see cref="LlmObs.MetricType"/>; null if there is no value.</summary>
    public string? MetricType { get; init; }

    /// <summary>The value.</summary>
    public RawJson Value { get; init; }

    /// <summary>The verdict: one of <see cref="MetricAssessment"/>.</summary>
    public string? Assessment { get; init; }

    /// <summary>The reason for the value.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The error.</summary>
    public RowError? Error { get; init; }

    /// <summary>Any other data from the evaluator, a JSON object.</summary>
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
    public string? Category => Value.ReadText();
}

/// <summary>The results of the summary evaluators for one iteration.</summary>
public sealed record ResultSummary
{
    /// <summary>The id of the iteration.</summary>
    public string? RunId { get; init; }

    /// <summary>The iteration, from 1.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The evaluations.</summary>
    public IReadOnlyList<ResultEvaluation> Evaluations { get; init; } = [];
}

/// <summary>The end of a run.</summary>
public sealed record ResultEnd
{
    /// <summary>One of <see cref="ExperimentStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The error; null if there was none.</summary>
    public string? Error { get; init; }

    /// <summary>True if it was ended before all rows were run.</summary>
    public bool IsGivenUp { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>The rows of a run, wherever they are: in a result file, at hand, or read back from the service.</summary>
public interface IResultRows
{
    /// <summary>The experiment of the rows.</summary>
    ResultHeader Header { get; }

    /// <summary>The end of the run; null if it was cut off, or is unknown.</summary>
    ResultEnd? End { get; }

    /// <summary>The number of rows, without replaced ones.</summary>
    long RowCount { get; }

    /// <summary>The results of the summary evaluators, one for each iteration.</summary>
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
/// <param name="summaries">The results of the summary evaluators.</param>
/// <param name="end">The end of the run.</param>
public sealed class ResultList(ResultHeader header, IReadOnlyList<ResultRow> rows, IReadOnlyList<ResultSummary> summaries, ResultEnd? end) : IResultRows
{
    /// <inheritdoc/>
    public ResultHeader Header => header;

    /// <summary>The same rows under the names of their experiment and dataset.</summary>
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
