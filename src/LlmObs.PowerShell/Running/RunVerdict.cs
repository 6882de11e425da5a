using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// The warnings and the error that follow a run's result: rows or evaluators that failed, no rows, no output. A user who does not
/// look at the status must not take a lost run for a good one.
/// </summary>
internal sealed class RunVerdict(RunPlan plan)
{
    private FirstFailure? _row;
    private readonly OrderedDictionary<string, EvaluatorFailures> _evaluators = new(StringComparer.Ordinal); // that failed, by label
    private FirstFailure? _summary;
    private int _evaluations; // skipped ones not counted
    private int _outputs;

    /// <summary>True if the run was ended because too many rows failed.</summary>
    public bool IsGivenUp { get; set; }

    public void Add(ResultRow row)
    {
        if (row.IsFailed)
        {
            _row ??= new FirstFailure(PlaceOf(row), row.Error?.Message ?? string.Empty);
            return;
        }

        _outputs += row.Output.IsMissing || row.Output.Utf8.Span.SequenceEqual("null"u8) ? 0 : 1;
        _evaluations += row.Evaluations.Count;
        foreach (ResultEvaluation evaluation in row.Evaluations)
        {
            if (evaluation.Error is RowError error)
            {
                EvaluatorFailures? before = _evaluators.GetValueOrDefault(evaluation.Label);
                _evaluators[evaluation.Label] = before is null
                    ? new EvaluatorFailures(evaluation.Label, 1, new FirstFailure(PlaceOf(row), error.Message))
                    : before with { Count = before.Count + 1 };
            }
        }
    }

    public void Add(ResultSummary summary)
    {
        _evaluations += summary.Evaluations.Count;
        _summary ??= First(summary.Evaluations, FormattableString.Invariant($"iteration {summary.RunIteration}"));
    }

    /// <summary>Writes them; the error comes last.</summary>
    public void Report(LlmObsCmdlet cmdlet, ExperimentRun run)
    {
        if (run.RowCount == 0)
        {
            cmdlet.WriteWarning(Warnings.NothingToRun(run.Experiment.Id, (plan.Work as RecordWork)?.RecordCount ?? 0, (plan.Work as RecordWork)?.ChoiceText ?? string.Empty));
            return;
        }

        int succeeded = run.RowCount - run.FailedCount;
        if (!plan.IsOfStored && succeeded > 0 && _outputs == 0)
        {
            cmdlet.WriteWarning(Warnings.NoOutput(succeeded));
        }

        EvaluatorFailures[] failed = [.. _evaluators.Values];
        if (run.ErrorCount > 0 && (failed.FirstOrDefault()?.Named ?? _summary) is FirstFailure first)
        {
            cmdlet.WriteWarning(Warnings.EvaluationsFailed(run.ErrorCount, _evaluations, first, [.. failed.Skip(1)], ofSummaries: failed.Length == 0, plan.KeepsRows, plan.JudgeAgainHint));
        }

        if (_row is null)
        {
            return;
        }

        string? resume = plan.IsOfStored ? null : plan.ResumeHint; // the tasks of a run that is judged again were not its own

        // The errors come last: under -ErrorAction Stop they end the command.
        if (IsGivenUp)
        {
            cmdlet.WriteError(Failures.RunGivenUp(run, _row, resume));
        }
        else if (succeeded == 0)
        {
            cmdlet.WriteError(Failures.AllRowsFailed(run, _row, resume));
        }
        else
        {
            cmdlet.WriteWarning(Warnings.RowsFailed(run.FailedCount, run.RowCount, _row, plan.KeepsRows, resume));
        }
    }

    private static FirstFailure? First(IReadOnlyList<ResultEvaluation> evaluations, string place) =>
        evaluations.FirstOrDefault(one => one.Error is not null) is { Error: RowError error } failed ? new FirstFailure($"'{failed.Label}' of {place}", error.Message) : null;

    // Spans of other runners need not be of a record.
    private static string PlaceOf(ResultRow row) => row.RecordId.Length > 0 ? $"record {row.RecordId}" : $"span {row.SpanId}";
}
