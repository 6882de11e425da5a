using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Errors of the spool.</content>
internal static partial class Failures
{
    /// <summary>A batch that the spool could not take: nothing of it was sent, and no further row is read.</summary>
    public static ErrorRecord NotSpooled(SpoolException failure, ReadyBatch batch)
    {
        (RowPlace first, RowPlace last) = batch.Places();
        return Make(
            failure,
            FormattableString.Invariant($"The spool can't be written, so sending was stopped before an event was lost: {failure.Message}. Everything before {first} is answered or kept in the spool; the {batch.Count} events from {first} to {last} were neither sent nor kept, and no row was read after them."),
            "SpoolNotWritable",
            ErrorCategory.WriteError,
            batch.ToJson().ToArray(),
            "Make room or give another -SpoolPath. Resume-LlmObsEvent continues files from here. For piped rows, pipe the error's TargetObject (these events) to Send-LlmObsEvent, and then the rows after them.");
    }

    /// <summary>A run whose spool broke off: nothing further was run.</summary>
    public static ErrorRecord RunNotSpooled(SpoolException failure, int rows, Experiment experiment, string? resultPath) => Make(
        failure,
        FormattableString.Invariant($"The run of experiment {experiment.Id} was ended because its spool can't be written: {failure.Message}. {rows} finished rows were neither sent nor kept there."),
        "SpoolNotWritable",
        ErrorCategory.WriteError,
        failure.Batch?.ToJson().ToArray() ?? (object)experiment,
        resultPath is null
            ? "Make room or give another -SpoolPath, and run it again. With -ResultPath, rows are on disk before they are sent."
            : $"Make room or give another -SpoolPath; Resume-LlmObsExperiment -ResultPath '{resultPath}' then sends these rows and runs the missing ones.");

    /// <summary>The spool's folder or its notes can't be used.</summary>
    public static ErrorRecord SpoolFailed(SpoolException failure) => Make(
        failure,
        $"The spool can't be used: {failure.Message}.",
        "SpoolNotWritable",
        ErrorCategory.WriteError,
        failure.SpoolFile,
        "Check the folder, its access rights and the room on its disk; Resume-LlmObsEvent sends its contents.");

    /// <summary>One file or run of a spool that can't be used; the others are sent.</summary>
    public static ErrorRecord UnreadableSpool(SpoolException failure) => Make(
        failure,
        $"A file of the spool was left unchanged, and nothing in it was sent: {failure.Message}. The others are not affected.",
        "UnreadableSpool",
        ErrorCategory.ReadError,
        failure.SpoolFile,
        "Check the file and its access rights. Send a file of another version with that version. Then run Resume-LlmObsEvent again.");

    /// <summary>A spool of events for another service than the profile's.</summary>
    public static ErrorRecord SpooledForAnother(string run, string address, string present) => Make(
        $"Run {run} was spooled for {address}, but this profile sends to {present}; nothing was sent.",
        "SpooledForAnother",
        ErrorCategory.InvalidArgument,
        run,
        "Give the profile of that site with -ProfileName, or set it with Set-LlmObsConfig.");

    /// <summary>The process ended before its pipeline did: the later rows exist only in the user's script.</summary>
    public static ErrorRecord PipelineCutShort(SpoolManifest record) => Make(
        record.EventCount == 0 && !record.SourcesArePiped
            ? $"A call of Send-LlmObsEvent for experiment {record.ExperimentId} ended before the first of its rows was kept in the spool."
            : record.SourcesArePiped && !record.FromPipeline
            ? $"A call of Send-LlmObsEvent for experiment {record.ExperimentId} ended before its pipeline did: the spool knew the files up to '{record.Sources[^1].Path}', which are read; it never knew later ones."
            : FormattableString.Invariant($"A call of Send-LlmObsEvent for experiment {record.ExperimentId} ended before its pipeline did: {record.EventCount} events were kept in the spool, the last one of row {record.LastRow}; later rows never were."),
        "PipelineCutShort",
        ErrorCategory.InvalidOperation,
        record,
        "Send everything after that again. With -Path instead of a pipeline, Resume-LlmObsEvent continues by itself.");

    /// <summary>A file whose reading can't continue, because it has changed.</summary>
    public static ErrorRecord SpooledFileChanged(SpoolSource source, string record) => Make(
        source.EventCount == 0
            ? $"The file '{source.Path}' can't be read: {source.ChangeReason()}. No event of it was kept in the spool."
            : FormattableString.Invariant($"The file '{source.Path}' can't be continued: {source.ChangeReason()}. {source.EventCount} of its events were kept in the spool or sent, the last one of row {source.LastRow}; later rows never were."),
        "SpooledFileChanged",
        ErrorCategory.InvalidData,
        source.Path,
        $"Restore the file and run Resume-LlmObsEvent again; or send the later rows yourself and remove '{record}'.");

    /// <summary>No spool if one is to be resumed.</summary>
    public static ErrorRecord SpoolNotFound(string folder) => Make(
        $"There is no folder '{folder}'.", "SpoolNotFound", ErrorCategory.ObjectNotFound, folder, "Give the folder of Send-LlmObsEvent -SpoolPath.");
}
