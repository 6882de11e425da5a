using System.Globalization;

namespace LlmObs.PowerShell.Errors;

/// <summary>The catalogue of warnings of cmdlets; warnings of rows and requests are in the client's folder Warnings.</summary>
internal static class Warnings
{
    private const int MostNamed = 50; // a row may have a million

    /// <summary>Columns or members that become nothing.</summary>
    /// <param name="source">Their file; null for the pipeline.</param>
    /// <param name="of">The kind of object that lacks these fields.</param>
    /// <param name="known">The names of fields, for the nearest one; empty for no advice.</param>
    public static string NoFields(string? source, IReadOnlyList<string> names, string of, IReadOnlyCollection<string> known)
    {
        string[] named = [.. names.Take(MostNamed)];
        string near = known.Count == 0 ? string.Empty : string.Concat(named.Select(name => NearestWord.Ask(name, known)));
        string more = names.Count > MostNamed ? FormattableString.Invariant($" and {names.Count - MostNamed} more") : string.Empty;
        return (names.Count == 1
            ? $"'{names[0]}'{Of(source)} is not a field of {of}, and is not sent."
            : $"{string.Join(", ", named.Select(name => $"'{name}'"))}{more}{Of(source)} are not fields of {of}, and are not sent.") + near;
    }

    /// <summary>Columns that become nothing of a record.</summary>
    public static string NoFieldsOfRecord(string? source, IReadOnlyList<string> names) =>
        NoFields(source, names, "a record", []) + " See -InputColumn, -ExpectedColumn and -MetadataColumn.";

    /// <summary>A column or member that holds something, and is not sent for a reason of its own.</summary>
    /// <param name="source">Its file; null for the pipeline.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    public static string NotSent(string? source, string name, string why) => $"'{name}'{Of(source)} {why}.";

    /// <summary>A file that somebody wrote to while it was read.</summary>
    public static string ChangedWhileRead(string path) =>
        $"The file '{path}' was changed while it was read: its rows may be partly old and partly new. Check it, and read it again unless rows were only added.";

    /// <summary>Sending was stopped: errors that are written together at the end are not.</summary>
    /// <param name="failed">The number of events that had failed.</param>
    public static string StoppedErrors(long failed) =>
        string.Create(CultureInfo.CurrentCulture, $"{failed:N0} events had failed, and not all of their errors were written.");

    /// <summary>Sending was stopped; names the folder of the rest.</summary>
    public static string StoppedSpool(string folder, int requests) => FormattableString.Invariant(
        $"Sending was stopped; {requests} unanswered requests are kept in {folder}. Resume-LlmObsEvent sends them, and continues files that were not read to their end.");

    /// <summary>Sending was stopped, and the kept requests can't be counted.</summary>
    public static string StoppedSpoolUnreadable(SpoolException reason) => $"Sending was stopped. {reason.Message}.";

    /// <summary>Sending was stopped, and the disk of the spool does not answer.</summary>
    public static string StoppedSpoolStalls(string folder) =>
        $"Sending was stopped; the disk of {folder} does not answer. Resume-LlmObsEvent sends its contents once it does.";

    /// <summary>An output that could not be kept; written once.</summary>
    public static string NotCached(string file, Exception reason) =>
        $"Outputs are not kept in -CachePath: '{file}' can't be written: {reason.Message.TrimEnd('.')}. The run continues.";

    /// <summary>A file of a spool that was set aside.</summary>
    public static string KeptAside(string file, string reason) => $"'{Path.GetFileName(file)}' is kept unchanged and was not sent: {reason}.";

    /// <summary>A run of a spool that another process has.</summary>
    public static string RunIsHeld(string run) => $"Run {run} is being sent by another process, and was skipped.";

    /// <summary>Sending was stopped, and nothing keeps the rest.</summary>
    public static string Stopped(long accepted) => string.Create(
        CultureInfo.CurrentCulture,
        $"Sending was stopped; {accepted:N0} events were accepted, and those of requests under way may have been. With -SpoolPath the rest is kept and can be sent later.");

    /// <summary>Something else in the pipeline has ended it.</summary>
    public static string EndedWithPipeline(long accepted) => string.Create(
        CultureInfo.CurrentCulture,
        $"Sending ended with the pipeline; {accepted:N0} events were accepted, those of requests under way may have been, and other rows that had been read were not sent.");

    /// <summary>An input without rows.</summary>
    public static string NoRow(string experimentId) => $"No row was found, and nothing was sent to experiment {HostSafeText.OneLine(experimentId)}.";

    /// <summary>The input of records was empty.</summary>
    public const string NoRecord = "No row was found, and no record was added.";

    /// <summary>An aggregate of an experiment that not all events got to.</summary>
    public static string NotAllSent(SendResult sent) =>
        FormattableString.Invariant($"{sent.FailedCount} events of experiment {HostSafeText.OneLine(sent.ExperimentId)} were not sent; the result does not include them.");

    /// <summary>The service computes less than was asked for.</summary>
    /// <param name="refused">The metric that it refused.</param>
    /// <param name="failure">The service's answer.</param>
    public static string OnlyScores(string refused, LlmObsException failure) =>
        $"Only scores are averaged, because the service refuses to average {refused}: {HostSafeText.OneLine(failure.Message)}";

    /// <summary>A pipeline without objects.</summary>
    public const string NothingPiped = "Nothing was piped to Send-LlmObsEvent, and nothing was sent.";

    /// <summary>A name that is no field of the API, and near to one; it can be an attribute or a tag.</summary>
    public static string NoFieldOfQuery(string name, string question) => $"'{name}' is not a field of the API, so it is searched among attributes and tags.{question}";

    /// <summary>A metric that is asked for, and neither run has.</summary>
    public static string NoSuchMetric(string label, IEnumerable<string> known) => $"Neither run has a metric '{label}'.{NearestWord.Ask(label, known)}";

    /// <summary>A run without anything to measure.</summary>
    public static string NothingToMeasure(string run, long rows) =>
        FormattableString.Invariant($"{run} has no metric to measure: {rows} rows, and none with a number, a boolean or an assessment.");

    /// <summary>A dataset that was there before.</summary>
    public static string DatasetWasThere(string name, long? version) => FormattableString.Invariant(
        $"The dataset '{name}' already exists, at version {version}, with its records, description and metadata; nothing was created. New records are added to the existing ones; Add-LlmObsDatasetRecord -Deduplicate skips inputs that are already there.");

    /// <summary>Settings that an emulator hides.</summary>
    public static string IdleSettings(string profile, Uri emulator, IEnumerable<string> settings, int port) => FormattableString.Invariant(
        $"Calls of the profile '{profile}' still go to the emulator at {emulator}; {string.Join(", ", settings)} will take effect once it is stopped: Stop-LlmObsEmulator -Port {port}.");

    /// <summary>A second emulator for a profile: a user who starts one by mistake would miss the data of the first.</summary>
    public static string SecondEmulator(string profile, Uri first, Uri second, int secondPort) => FormattableString.Invariant(
        $"The emulator at {first} of the profile '{profile}' still runs, with its data; calls now go to {second}. Stop-LlmObsEmulator -Port {secondPort} switches back to it.");

    /// <summary>A build whose commit is unknown.</summary>
    public const string NoCommit = "Neither the build's environment nor git in the current folder names the commit: -CiMetadata adds nothing.";

    /// <summary>Rows of a run that failed, but not all.</summary>
    /// <param name="areKept">True if the result has the rows.</param>
    /// <param name="resume">The sentence that says how to resume it; null if that is impossible.</param>
    public static string RowsFailed(int failed, int rows, FirstFailure first, bool areKept, string? resume) =>
        FormattableString.Invariant($"{failed} of {rows} rows failed, the first {first}")
        + (areKept ? " All of them: $run.Rows | Where-Object Error, if $run is the result." : string.Empty) + (resume is null ? string.Empty : " " + resume);

    /// <summary>Evaluators of a run that failed.</summary>
    /// <param name="others">Those beside that of the first failure.</param>
    /// <param name="ofSummaries">True if only summary evaluators failed.</param>
    /// <param name="areKept">True if the result has the rows.</param>
    /// <param name="again">The sentence that says how to judge them again; null if that is impossible.</param>
    public static string EvaluationsFailed(int failed, int all, FirstFailure first, IReadOnlyList<EvaluatorFailures> others, bool ofSummaries, bool areKept, string? again)
    {
        string call = ofSummaries ? "$run.SummaryEvaluations | Where-Object Error" : "$run.Rows | Where-Object { $_.Evaluations.Values | Where-Object Error }";
        string beside = string.Concat(others.Select(one => FormattableString.Invariant(
            $" '{one.Label}' failed {(one.First.Reason == first.Reason ? "likewise " : string.Empty)}for {one.Count} {(one.Count == 1 ? "row" : "rows")}{(one.First.Reason == first.Reason ? "." : $", the first {one.First}")}")));
        return FormattableString.Invariant($"{failed} of {all} evaluations failed, the first {first}{beside}")
            + (ofSummaries || areKept ? $" All of them: {call}, if $run is the result." : string.Empty) + (again is null ? string.Empty : " " + again);
    }

    /// <summary>A run without a row.</summary>
    /// <param name="experimentId">Its experiment.</param>
    /// <param name="recordCount">The number of records that there were.</param>
    /// <param name="choice">The parameters that left none of them.</param>
    public static string NothingToRun(string experimentId, long recordCount, string choice) => FormattableString.Invariant(
        $"Nothing was run: {(recordCount == 0 ? "the dataset has no records" : $"{(choice.Length > 0 ? choice : "the choice of the run")} leaves none of {recordCount} records")}. Experiment {experimentId} is recorded without a row.");

    /// <summary>A run whose tasks gave nothing.</summary>
    public static string NoOutput(int rows) => FormattableString.Invariant(
        $"No task gave an output: that of all {rows} rows is null. A task sees its record as $_, or as $Record if it begins with param($Record, $Config); what Write-Host shows is no output.");

    /// <summary>A script that uses something of the session that its runspace does not have.</summary>
    /// <param name="user">The script, as the beginning of a sentence.</param>
    /// <param name="variables">The names of the variables, without <c>$</c>.</param>
    public static string NotInRunspace(string user, IReadOnlyList<string> variables, IReadOnlyList<string> functions)
    {
        string variable = variables.Count == 0 ? string.Empty
            : $" {user} reads {string.Join(", ", variables.Select(name => "$" + name))} of your session, {(variables.Count == 1 ? "which is" : "which are")} null in its runspace: write {string.Join(", ", variables.Select(name => "$using:" + name))}.";
        string function = functions.Count == 0 ? string.Empty
            : $" {user} calls {string.Join(", ", functions)} of your session, {(functions.Count == 1 ? "a function that its runspace does" : "functions that its runspace does")} not have: add -Function {string.Join(", ", functions)}.";
        return HostSafeText.OneLine((variable + function).Trim());
    }

    /// <summary>A run that is resumed without evaluators that it had.</summary>
    public static string EvaluatorsNotGiven(string resultPath, IReadOnlyList<string> names) =>
        $"No evaluator {string.Join(", ", names.Select(name => $"'{name}'"))} was given, and the rows of '{resultPath}' have been judged by {(names.Count == 1 ? "it" : "them")}: rows that run now get no score of that name. Give the same -Evaluator, now or in a later Resume-LlmObsExperiment, which then judges the rows without a score.";

    /// <summary>The call that resumes a run.</summary>
    /// <param name="given">The parameters that have to be given again.</param>
    /// <param name="isOfStored">True if rows are only judged again.</param>
    public static string Resume(string resultPath, IReadOnlyList<string> given, bool isOfStored)
    {
        return $"Resume-LlmObsExperiment -ResultPath '{resultPath}'{With(given)} {(isOfStored ? "judges the missing rows" : "runs the missing and failed rows")}.";
    }

    /// <summary>The call that judges again what evaluators failed to judge.</summary>
    /// <param name="given">The parameters that have to be given again.</param>
    public static string JudgeAgain(string resultPath, IReadOnlyList<string> given) =>
        $"Resume-LlmObsExperiment -ResultPath '{resultPath}'{With(given)} judges them again, from the stored outputs.";

    /// <summary>A run that was stopped.</summary>
    /// <param name="experimentId">Its experiment.</param>
    /// <param name="rows">The rows that were finished.</param>
    /// <param name="areSent">True if all of them were sent.</param>
    /// <param name="isTold">True if the experiment has its status.</param>
    /// <param name="resume">The sentence that says how to resume it; null if that is impossible.</param>
    public static string Interrupted(string experimentId, int rows, bool areSent, bool isTold, string? resume)
    {
        string state = isTold ? "It has the status interrupted" : "Its status could not be set";
        string rest = resume is null ? string.Empty : " " + resume;
        return FormattableString.Invariant(
            $"Experiment {experimentId} was interrupted after {rows} rows{(areSent ? string.Empty : ", some of which could not be sent")}. {state}.{rest}");
    }

    /// <summary>Finished rows that a result file does not have.</summary>
    public static string RowsNotKept(int rows, Exception reason) => FormattableString.Invariant(
        $"{reason.Message.TrimEnd('.')}. {rows} finished {(rows == 1 ? "row was" : "rows were")} sent, but {(rows == 1 ? "is" : "are")} not in the file.");

    private static string With(IReadOnlyList<string> given) =>
        given.Count == 0 ? string.Empty : $" with the same {string.Join(", ", given.Select(name => "-" + name))}";

    private static string Of(string? source) => source is null ? string.Empty : $" of {source}";
}

/// <summary>The rows of a run that an evaluator failed to judge.</summary>
/// <param name="Label">The evaluator.</param>
/// <param name="Count">Their number.</param>
/// <param name="First">The first one.</param>
internal sealed record EvaluatorFailures(string Label, int Count, FirstFailure First)
{
    /// <summary>The first one, with the name of the evaluator.</summary>
    public FirstFailure Named => First with { Place = $"'{Label}' of {First.Place}" };
}

/// <summary>The first thing of a run that failed.</summary>
/// <param name="Place">The record, or the evaluator and its record.</param>
/// <param name="Reason">The message of its error.</param>
internal sealed record FirstFailure(string Place, string Reason)
{
    /// <summary>The end of a sentence that begins with how many failed.</summary>
    public override string ToString() => $"({Place}): {HostSafeText.OneLine(Reason).TrimEnd('.')}.";
}
