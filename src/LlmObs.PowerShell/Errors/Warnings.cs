using System.Globalization;

namespace LlmObs.PowerShell.Errors;

/// <summary>The catalogue of warnings that cmdlets give; those that rows and requests give are in the client's room Warnings.</summary>
internal static class Warnings
{
    private const int MostNamed = 50; // a row may have a million

    /// <summary>Columns or members that become nothing.</summary>
    /// <param name="source">Their file; null for the pipeline.</param>
    /// <param name="names">Their names.</param>
    /// <param name="of">What they are no field of.</param>
    /// <param name="known">The names of fields, for the nearest one; empty for no advice.</param>
    public static string NoFields(string? source, IReadOnlyList<string> names, string of, IReadOnlyCollection<string> known)
    {
        string[] named = [.. names.Take(MostNamed)];
        string near = known.Count == 0 ? string.Empty : string.Concat(named.Select(name => NearestWord.Ask(name, known)));
        string more = names.Count > MostNamed ? FormattableString.Invariant($" and {names.Count - MostNamed} more") : string.Empty;
        return (names.Count == 1
            ? $"'{names[0]}'{Of(source)} is no field of {of}, and is not sent."
            : $"{string.Join(", ", named.Select(name => $"'{name}'"))}{more}{Of(source)} are no fields of {of}, and are not sent.") + near;
    }

    /// <summary>Columns that become nothing of a record.</summary>
    public static string NoFieldsOfRecord(string? source, IReadOnlyList<string> names) =>
        NoFields(source, names, "a record", []) + " See -InputColumn, -ExpectedColumn and -MetadataColumn.";

    /// <summary>A column or member that holds something, and is not sent for a reason of its own.</summary>
    /// <param name="source">Its file; null for the pipeline.</param>
    /// <param name="name">Its name.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    public static string NotSent(string? source, string name, string why) => $"'{name}'{Of(source)} {why}.";

    /// <summary>A file that somebody wrote to while it was read.</summary>
    public static string ChangedWhileRead(string path) =>
        $"The file '{path}' was changed while it was read: what was taken of it may be partly its old and partly its new content. Check it, and read it again if it was not only added to.";

    /// <summary>Sending was stopped: errors that are written together at the end are not.</summary>
    /// <param name="failed">How many events had failed.</param>
    public static string StoppedErrors(long failed) =>
        string.Create(CultureInfo.CurrentCulture, $"{failed:N0} events had failed, and not all of their errors were written.");

    /// <summary>Sending was stopped: where the rest is.</summary>
    public static string StoppedSpool(string folder, int requests) => FormattableString.Invariant(
        $"Sending was stopped; {requests} unanswered requests are kept in {folder}. Resume-LlmObsEvent sends them, and reads on where files were not read to their end.");

    /// <summary>Sending was stopped, and what is kept can't be counted.</summary>
    public static string StoppedSpoolUnreadable(SpoolException reason) => $"Sending was stopped. {reason.Message}.";

    /// <summary>Sending was stopped, and the disk of the spool does not answer.</summary>
    public static string StoppedSpoolStalls(string folder) =>
        $"Sending was stopped; the disk of {folder} does not answer. What it has is sent by Resume-LlmObsEvent once it does.";

    /// <summary>An output that could not be kept; said once.</summary>
    public static string NotCached(string file, Exception reason) =>
        $"Outputs are not kept in -CachePath: '{file}' can't be written: {reason.Message.TrimEnd('.')}. The run goes on.";

    /// <summary>A file of a spool that was set aside.</summary>
    public static string KeptAside(string file, string reason) => $"'{Path.GetFileName(file)}' is kept as it is and was not sent: {reason}.";

    /// <summary>A run of a spool that another process has.</summary>
    public static string RunIsHeld(string run) => $"Run {run} is being sent by another process, and is left to it.";

    /// <summary>Sending was stopped, and nothing keeps the rest.</summary>
    public static string Stopped(long accepted) => string.Create(
        CultureInfo.CurrentCulture,
        $"Sending was stopped; {accepted:N0} events were accepted, and those of requests that were under way may have been. With -SpoolPath the rest is kept, to be sent later.");

    /// <summary>Something else in the pipeline has ended it.</summary>
    public static string EndedWithPipeline(long accepted) => string.Create(
        CultureInfo.CurrentCulture,
        $"Sending ended with the pipeline; {accepted:N0} events were accepted, those of requests that were under way may have been, and what else had been read was not sent.");

    /// <summary>An input without rows.</summary>
    public static string NoRow(string experimentId) => $"No row was found, and nothing was sent to experiment {HostSafeText.OneLine(experimentId)}.";

    /// <summary>The input of records was empty.</summary>
    public const string NoRecord = "No row was found, and no record was added.";

    /// <summary>An aggregate of an experiment that not all events got to.</summary>
    public static string NotAllSent(SendResult sent) =>
        FormattableString.Invariant($"{sent.FailedCount} events of experiment {HostSafeText.OneLine(sent.ExperimentId)} were not sent; what is computed is without them.");

    /// <summary>The service computes less than was asked for.</summary>
    /// <param name="refused">The metric that it refused.</param>
    /// <param name="failure">What it said.</param>
    public static string OnlyScores(string refused, LlmObsException failure) =>
        $"Only scores are averaged, since the service refuses to average {refused}: {HostSafeText.OneLine(failure.Message)}";

    /// <summary>A pipeline without objects.</summary>
    public const string NothingPiped = "Nothing was piped to Send-LlmObsEvent, and nothing was sent.";

    /// <summary>A name that is no field of the API, and near to one; it can be an attribute or a tag.</summary>
    public static string NoFieldOfQuery(string name, string question) => $"'{name}' is no field of the API, and is looked for among attributes and tags.{question}";

    /// <summary>A metric that is asked for, and neither run has.</summary>
    public static string NoSuchMetric(string label, IEnumerable<string> known) => $"Neither run has a metric '{label}'.{NearestWord.Ask(label, known)}";

    /// <summary>A run without anything to measure.</summary>
    public static string NothingToMeasure(string run, long rows) =>
        FormattableString.Invariant($"{run} has no metric to measure: {rows} rows, and none with a number, a boolean or an assessment.");

    /// <summary>A dataset that was there before.</summary>
    public static string DatasetWasThere(string name, long? version) => FormattableString.Invariant(
        $"The dataset '{name}' was there before, at version {version}, with its records, description and metadata: nothing was created. Records that are added now stand beside those that it has; -Deduplicate of Add-LlmObsDatasetRecord passes over inputs that are there.");

    /// <summary>Settings that an emulator hides.</summary>
    public static string IdleSettings(string profile, Uri emulator, IEnumerable<string> settings, int port) => FormattableString.Invariant(
        $"Calls of the profile '{profile}' still go to the emulator at {emulator}; {string.Join(", ", settings)} will count once it is stopped: Stop-LlmObsEmulator -Port {port}.");

    /// <summary>A second emulator for a profile: who starts one by mistake would miss what the first one holds.</summary>
    public static string SecondEmulator(string profile, Uri first, Uri second, int secondPort) => FormattableString.Invariant(
        $"The emulator at {first} of the profile '{profile}' still runs, and holds what was sent to it; calls now go to {second}. Stop-LlmObsEmulator -Port {secondPort} goes back to it.");

    /// <summary>A build that says nothing of its commit.</summary>
    public const string NoCommit = "Neither the environment of a build nor git in the current folder says which commit this is: -CiMetadata adds nothing.";

    /// <summary>A run that was stopped.</summary>
    /// <param name="experimentId">Its experiment.</param>
    /// <param name="rows">The rows that were finished.</param>
    /// <param name="areSent">Whether all of them were sent.</param>
    /// <param name="isTold">Whether the experiment has its status.</param>
    /// <param name="resultPath">The file that it can be resumed from; null for none.</param>
    public static string Interrupted(string experimentId, int rows, bool areSent, bool isTold, string? resultPath)
    {
        string state = isTold ? "It has the status interrupted" : "Its status could not be set";
        string rest = resultPath is null ? string.Empty : $" Resume-LlmObsExperiment -ResultPath '{resultPath}' runs what is missing.";
        return FormattableString.Invariant(
            $"Experiment {experimentId} was interrupted after {rows} rows{(areSent ? string.Empty : ", of which some could not be sent")}. {state}.{rest}");
    }

    private static string Of(string? source) => source is null ? string.Empty : $" of {source}";
}
