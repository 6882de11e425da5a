using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Runs of experiments, and their gates.</content>
internal static partial class Failures
{
    private const string RunToGate = "$run | Write-LlmObsSummary -Threshold @{ exact_match = '>= 0.9' }";

    /// <summary>A run that could not go on.</summary>
    public static ErrorRecord RunFailed(Exception reason, string message, Experiment experiment, string? resultPath) => Make(
        reason,
        $"The run of experiment {experiment.Id} ended early: {Sentence(message)}",
        "RunFailed",
        ErrorCategory.OperationStopped,
        experiment,
        resultPath is null
            ? "Correct the cause, and run it again. With -ResultPath, Resume-LlmObsExperiment can continue a run."
            : $"Correct the cause; Resume-LlmObsExperiment -ResultPath '{resultPath}' then runs the missing rows.");

    /// <summary>A run whose result file could not be written any more.</summary>
    /// <param name="rows">The finished rows that the file does not have.</param>
    public static ErrorRecord RunNotKept(Exception reason, int rows, Experiment experiment, string resultPath) => Make(
        reason,
        $"The run of experiment {experiment.Id} was ended because its result file can't be written: {Warnings.RowsNotKept(rows, reason)}",
        "UnwritableFile",
        ErrorCategory.WriteError,
        resultPath,
        $"Make room, or move the file; Resume-LlmObsExperiment -ResultPath '{resultPath}' then runs the rows that it does not have.");

    /// <summary>A run whose scripts or modules are not ready; nothing was made or changed.</summary>
    public static ErrorRecord RunNotPrepared(Exception reason, string message) => Make(
        reason,
        $"Nothing was run: {Sentence(message)}",
        "RunNotPrepared",
        ErrorCategory.ResourceUnavailable,
        null,
        "Correct what it names, and run it again. A module is found by its name or its path; a runspace knows nothing of the session's functions and variables but $using: ones.");

    /// <summary>A run of which no row came to anything.</summary>
    /// <param name="run">The run.</param>
    /// <param name="first">The first row.</param>
    /// <param name="resume">The sentence that says how to resume it; null if that is impossible.</param>
    public static ErrorRecord AllRowsFailed(ExperimentRun run, FirstFailure first, string? resume) => Make(
        run.RowCount == 1
            ? $"The only row of experiment {run.Experiment.Id} failed {first}"
            : FormattableString.Invariant($"All {run.RowCount} rows of experiment {run.Experiment.Id} failed, the first {first}"),
        "AllRowsFailed",
        ErrorCategory.InvalidResult,
        run,
        resume is null ? "Correct the cause, and run it again." : $"Correct the cause. {resume}");

    /// <summary>A run that ended because too many rows failed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="first">The first row that failed.</param>
    /// <param name="resume">The sentence that says how to resume it; null if that is impossible.</param>
    public static ErrorRecord RunGivenUp(ExperimentRun run, FirstFailure first, string? resume) => Make(
        FormattableString.Invariant($"The run of experiment {run.Experiment.Id} was given up: {run.FailedCount} of {run.RowCount} rows failed, the first {first}"),
        "RunGivenUp",
        ErrorCategory.LimitsExceeded,
        run,
        resume is null ? "Correct the cause, and run it again, or allow more with -MaxFailureCount." : $"Correct the cause. {resume}");

    /// <summary>An aggregate that did not match as many events as it was to wait for.</summary>
    public static ErrorRecord TooFewEvents(long found, long wanted, int seconds, object? target) => Make(
        $"The query matches {found} events; {wanted} were expected within {seconds} s.",
        "TooFewEvents",
        ErrorCategory.OperationTimeout,
        target,
        "Check -Query, -Label and the time range; wait longer with -WaitSec, or give a smaller -MinimumHitCount.");

    /// <summary>A run that is given for its rows, and has none.</summary>
    public static ErrorRecord NothingToRead(object run) => Make(
        "The run has no rows in memory, and wrote none to a file.",
        "NothingToRead",
        ErrorCategory.ObjectNotFound,
        run,
        "Run it with -ResultPath, or give its experiment, whose rows are read from the service.");

    /// <summary>A result file that can't be read as one.</summary>
    public static ErrorRecord InvalidResultFile(Exception reason, object target) => Make(
        reason,
        reason.Message,
        "InvalidResultFile",
        ErrorCategory.InvalidData,
        target,
        "Give a file that -ResultPath of Invoke-LlmObsExperiment wrote, and let nothing else write to it.");

    /// <summary>More than one run, or comparison, for one report.</summary>
    public static ErrorRecord TooManyRuns(int runs, int comparisons, object? last) => Make(
        $"A report covers one run or one comparison, but {runs} runs and {comparisons} comparisons of metrics were given; none was written.",
        "TooManyRuns",
        ErrorCategory.InvalidArgument,
        last,
        "Write a file for each: ... | ForEach-Object { Export-LlmObsReport $_ \"$($_.Name).html\" }; give the other run of a comparison to -Baseline.");

    /// <summary>A name of which no run can be a baseline.</summary>
    /// <param name="found">The experiments that exist instead, as the end of the sentence.</param>
    public static ErrorRecord BaselineNotFound(string name, object? project, string found) => Make(
        $"'{name}' has no baseline in project {project}: {found}.",
        "BaselineNotFound",
        ErrorCategory.ObjectNotFound,
        name,
        "Run it on the baseline first (with -Commit and -Branch in its metadata), close it as completed, or loosen the conditions.");

    /// <summary>A gate without scores.</summary>
    /// <param name="isRun">Whether a run came in, and no evaluator judged it.</param>
    public static GateFailure NothingToSummarize(bool isRun) => isRun
        ? new(
            "NothingToSummarize",
            ["The run has no evaluator's scores, so nothing was checked and no summary was written."],
            "Give -Evaluator of Invoke-LlmObsExperiment; for stored outputs: Invoke-LlmObsExperiment -From run.jsonl -Evaluator ... .")
        : new(
            "NothingToSummarize",
            ["There were no scores, so nothing was checked and no summary was written."],
            $"Pipe a run, {RunToGate}, or what Invoke-LlmObsAggregate returned; check its query, its experiment and its time range: the service shows events some seconds after they were sent.");

    /// <summary>Something that has no scores to show.</summary>
    /// <param name="type">The name of its type.</param>
    public static GateFailure CannotSummarize(string type) => new(
        "NothingToSummarize",
        [$"A summary is of a run, of aggregates or of a comparison, and what came in is none of them ({type}); nothing was checked and no summary was written."],
        $"Pipe what Invoke-LlmObsExperiment returned: {RunToGate}; of an experiment: Get-LlmObsExperiment -Id ... | Invoke-LlmObsAggregate -GroupBy label | Write-LlmObsSummary.");

    /// <summary>Runs and comparisons, say, for one summary.</summary>
    public static GateFailure SeveralKinds() => new(
        "InvalidValue",
        ["Runs, aggregates and comparisons came in together, and a summary is of one kind; nothing was checked and no summary was written."],
        "Write a summary for each: $run | Write-LlmObsSummary ...; Compare-LlmObsExperiment ... | Write-LlmObsSummary ... .");

    /// <summary>A verdict of a comparison that is to close the gate of something else.</summary>
    public static GateFailure FailOnWithoutComparison() => new(
        "InvalidValue",
        ["-FailOn names verdicts of a comparison, and none came in."],
        "Pipe what Compare-LlmObsExperiment returned, or give -Threshold instead.");

    /// <summary>Thresholds whose names the aggregates do not have.</summary>
    public static GateFailure UnknownThreshold(IReadOnlyList<string> problems) =>
        new("UnknownThreshold", problems, "Correct -Threshold, or the -GroupBy and -Compute of Invoke-LlmObsAggregate; a run has mean, rate, n, pass_rate, missing and errors of each label.");

    /// <summary>Thresholds whose names the comparison does not have.</summary>
    public static GateFailure UnknownThresholdOfComparison(IReadOnlyList<string> problems) =>
        new("UnknownThreshold", problems, "Correct -Threshold: give a metric of the comparison, or metric.delta and the like.");

    /// <summary>Scores that break their thresholds.</summary>
    public static GateFailure ThresholdBroken(IReadOnlyList<string> broken) =>
        new("ThresholdBroken", broken, "Look at the Rows of the run; or, of an experiment, at Invoke-LlmObsAggregate -GroupBy span_id -Query '@label:...'.");

    /// <summary>A comparison that got worse, or breaks its thresholds.</summary>
    public static GateFailure ComparisonFailed(IReadOnlyList<string> broken) =>
        new("ComparisonFailed", broken, "Look at the records in the property Changes of the comparison, the worst first.");

    /// <summary>Thresholds that can't be read.</summary>
    public static GateFailure InvalidThreshold(string reason) => new(
        "InvalidValue", [reason], "Give conditions as text, with a point as decimal mark: @{ faithfulness = '>= 0.8'; latency = '< 3000'; tone = '0.2..0.8' }.");
}

/// <summary>The reason why a gate ends a script.</summary>
/// <param name="Id">The id of the error.</param>
/// <param name="Reasons">The conditions that are not met, a sentence each.</param>
/// <param name="Action">The advice.</param>
internal sealed record GateFailure(string Id, IReadOnlyList<string> Reasons, string Action);
