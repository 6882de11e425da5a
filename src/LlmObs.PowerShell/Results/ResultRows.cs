using System.Buffers;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Results;

/// <summary>Rows as a result file has them, made from what a session holds: a run, or spans that were read back.</summary>
internal static class ResultRows
{
    /// <summary>The rows of a run in memory; if it kept none, the rows of its file.</summary>
    /// <exception cref="ResultFileException">Its file can't be read.</exception>
    /// <exception cref="IOException">Its file can't be read.</exception>
    public static IResultRows? Of(ExperimentRun run)
    {
        if (run.Rows.Count == 0 && run.RowCount > 0)
        {
            return run.ResultPath is null ? null : ResultFile.Open(run.ResultPath);
        }

        ResultSummary summary = new() { Evaluations = [.. run.SummaryEvaluations.Select(Of)] };
        return new ResultList(
            HeaderOf(run.Experiment) with { Url = run.Url?.ToString(), SpanTags = run.SpanTags },
            [.. run.Rows.Select(Of)],
            summary.Evaluations.Count == 0 ? [] : [summary],
            new() { Status = run.Status, Error = run.Experiment.ErrorMessage });
    }

    /// <summary>The rows of an experiment that was read back.</summary>
    public static IResultRows Of(Experiment experiment, IReadOnlyList<ExperimentSpan> spans, IReadOnlyList<ExperimentMetric> summary) => new ResultList(
        HeaderOf(experiment),
        [.. Standing(spans).OrderBy(span => span.StartNs).Select(Of)],
        summary.Count == 0 ? [] : [new() { Evaluations = [.. summary.Select(Of)] }],
        ExperimentStatus.IsFinal(experiment.Status) ? new() { Status = experiment.Status!, Error = experiment.ErrorMessage } : null);

    /// <summary>The dataset record of a span; null if the span names none.</summary>
    public static string? RecordIdOf(ExperimentSpan span) => span.DatasetRecordId ?? Tag(span, "dataset_record_id");

    /// <summary>The iteration of its run, from 1 on.</summary>
    public static int IterationOf(ExperimentSpan span) => int.TryParse(Tag(span, "run_iteration"), CultureInfo.InvariantCulture, out int iteration) ? iteration : 1;

    /// <summary>A value of PowerShell as JSON.</summary>
    public static RawJson Json(object? value)
    {
        if (value is null)
        {
            return default;
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            PSObjectJson.Instance.Write(writer, value);
        }

        return new(buffer.WrittenMemory);
    }

    // A run that was resumed has a second span for a row that failed at first: the later one is the row.
    private static IEnumerable<ExperimentSpan> Standing(IReadOnlyList<ExperimentSpan> spans) => spans
        .GroupBy(span => (Record: RecordIdOf(span), Iteration: Tag(span, "run_iteration")))
        .SelectMany(row => row.Key.Record is null || row.Key.Iteration is null
            ? row.AsEnumerable()
            : row.Where(span => span.Status != SpanStatus.Error).DefaultIfEmpty(row.MaxBy(span => span.StartNs)!));

    private static ResultHeader HeaderOf(Experiment experiment) => new()
    {
        ExperimentId = experiment.Id,
        Name = experiment.Name,
        LogicalName = experiment.LogicalName,
        ProjectId = experiment.ProjectId,
        DatasetId = experiment.DatasetId,
        DatasetName = experiment.DatasetName,
        DatasetVersion = experiment.DatasetVersion,
        ParentExperimentId = experiment.ParentExperimentId,
        Description = experiment.Description,
        Config = Json(experiment.Config),
        Metadata = Json(experiment.Metadata),
        RunCount = experiment.RunCount ?? 1,
        StartedAt = experiment.CreatedAt,
    };

    private static ResultRow Of(ExperimentRow row) => new()
    {
        RecordId = row.RecordId,
        RunId = row.RunId,
        RunIteration = row.RunIteration,
        SpanId = row.SpanId,
        ParentSpanId = row.ParentSpanId,
        TraceId = row.TraceId,
        StartNs = (row.StartTime - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
        DurationNs = row.Duration.Ticks * TimeSpan.NanosecondsPerTick,
        Input = Json(row.Input),
        ExpectedOutput = Json(row.ExpectedOutput),
        Output = Json(row.Output),
        Metadata = Json(row.Metadata),
        Tags = row.Tags,
        Status = row.Status,
        Error = row.Error,
        InputTokenCount = row.InputTokenCount,
        OutputTokenCount = row.OutputTokenCount,
        CostUsd = row.CostUsd,
        FromCache = row.FromCache,
        Evaluations = [.. row.Evaluations.Values.Select(Of)],
    };

    private static ResultRow Of(ExperimentSpan span) => new()
    {
        RecordId = RecordIdOf(span) ?? string.Empty,
        RunId = Tag(span, "run_id"),
        RunIteration = IterationOf(span),
        SpanId = span.SpanId,
        SpanName = span.Name,
        ParentSpanId = Tag(span, "parent_experiment_span_id"),
        TraceId = span.TraceId,
        StartNs = span.StartNs,
        DurationNs = span.DurationNs,
        Input = Json(span.Input),
        ExpectedOutput = Json(span.ExpectedOutput),
        Output = Json(span.Output),
        Metadata = Json(span.Metadata),
        Tags = span.Tags,
        Status = span.Status ?? SpanStatus.Ok,
        Error = span.ErrorMessage is null ? null : new(span.ErrorMessage, span.ErrorType, span.ErrorStack),
        InputTokenCount = (long?)Figure(span, "input_tokens"),
        OutputTokenCount = (long?)Figure(span, "output_tokens"),
        CostUsd = Figure(span, "cost_usd"),
        Evaluations = [.. span.EvalMetrics.Where(metric => metric.Label is not null).GroupBy(metric => metric.Label).Select(same => Of(same.MaxBy(metric => metric.Timestamp)!))], // a row may have been judged again
    };

    private static ResultEvaluation Of(EvaluationResult evaluation) => new()
    {
        Label = evaluation.Label,
        MetricType = evaluation.MetricType,
        Value = Json(evaluation.Value),
        Assessment = evaluation.Assessment,
        Reasoning = evaluation.Reasoning,
        Error = evaluation.Error,
        Metadata = Json(evaluation.Metadata),
        Tags = evaluation.Tags,
    };

    private static ResultEvaluation Of(ExperimentMetric metric) => new()
    {
        Label = metric.Label ?? string.Empty,
        MetricType = metric.MetricType,
        Value = Json((object?)metric.ScoreValue ?? (object?)metric.BooleanValue ?? metric.CategoricalValue ?? metric.JsonValue),
        Assessment = metric.Assessment,
        Reasoning = metric.Reasoning,
        Error = metric.ErrorMessage is null ? null : new(metric.ErrorMessage),
    };

    // The place of a task's tokens and cost: the API has no fields for them.
    private static decimal? Figure(ExperimentSpan span, string name) =>
        span.Metadata is object metadata && PSObject.AsPSObject(metadata).Properties[name]?.Value is object value
        && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    private static string? Tag(ExperimentSpan span, string key) =>
        span.Tags.FirstOrDefault(tag => tag.StartsWith(key + ":", StringComparison.Ordinal))?[(key.Length + 1)..];
}
