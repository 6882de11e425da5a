using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>Rows as scripts want them: each evaluator's value is a property of its own.</summary>
internal static class RowObject
{
    public static ExperimentRow Of(ResultRow row)
    {
        var evaluations = new OrderedDictionary<string, EvaluationResult>(StringComparer.Ordinal);
        foreach (ResultEvaluation evaluation in row.Evaluations)
        {
            evaluations[evaluation.Label] = Of(evaluation);
        }

        var made = new ExperimentRow
        {
            RecordId = row.RecordId,
            RunId = row.RunId,
            RunIteration = row.RunIteration,
            SpanId = row.SpanId,
            ParentSpanId = row.ParentSpanId,
            TraceId = row.TraceId,
            StartTime = DateTimeOffset.UnixEpoch.AddTicks((row.StartNs ?? 0) / TimeSpan.NanosecondsPerTick),
            Duration = TimeSpan.FromTicks((row.DurationNs ?? 0) / TimeSpan.NanosecondsPerTick),
            Status = row.Status,
            Error = row.Error,
            Input = JsonSnapshot.Read(row.Input),
            ExpectedOutput = JsonSnapshot.Read(row.ExpectedOutput),
            Output = JsonSnapshot.Read(row.Output),
            Metadata = JsonSnapshot.Read(row.Metadata),
            Tags = row.Tags,
            InputTokenCount = row.InputTokenCount,
            OutputTokenCount = row.OutputTokenCount,
            CostUsd = row.CostUsd,
            FromCache = row.FromCache,
            Evaluations = evaluations,
        };
        AddColumns(made, evaluations);
        return made;
    }

    /// <summary>Gives a row that a summary evaluator sees the columns that the rows of the result have.</summary>
    public static EvaluatedRow WithColumns(EvaluatedRow row)
    {
        AddColumns(row, row.Evaluations!);
        return row;
    }

    public static EvaluationResult Of(ResultEvaluation evaluation) => new()
    {
        Label = evaluation.Label,
        MetricType = evaluation.MetricType,
        Value = JsonSnapshot.Read(evaluation.Value),
        Assessment = evaluation.Assessment,
        Reasoning = evaluation.Reasoning,
        Error = evaluation.Error,
        Metadata = JsonSnapshot.Read(evaluation.Metadata),
        Tags = evaluation.Tags,
    };

    private static void AddColumns(object row, IEnumerable<KeyValuePair<string, EvaluationResult>> evaluations)
    {
        PSObject shown = PSObject.AsPSObject(row);
        foreach ((string label, EvaluationResult evaluation) in evaluations)
        {
            if (shown.Properties[label] is null)
            {
                shown.Properties.Add(new PSNoteProperty(label, evaluation.Value));
            }
        }
    }
}
