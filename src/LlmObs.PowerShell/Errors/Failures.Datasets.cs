using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Datasets, their records, and names that mean nothing or too much.</content>
internal static partial class Failures
{
    /// <summary>Something that was asked for by its id or whole name, and is not there.</summary>
    public static ErrorRecord NotFound(string message, string asked, string action) =>
        Make(message, FailureKind.NotFound.ToString(), ErrorCategory.ObjectNotFound, asked, action);

    /// <summary>A project or a dataset that neither has the name nor the id that was given.</summary>
    public static ErrorRecord NameNotFound(string kind, string name, string? projectId, string host) => NotFound(
        $"There is no {kind} '{name}' {(projectId is null ? string.Empty : $"in the project {projectId} ")}at {host}, neither by name nor by id.",
        name,
        $"Check the name: Get-LlmObs{char.ToUpperInvariant(kind[0])}{kind[1..]} lists the existing ones, New-LlmObs{char.ToUpperInvariant(kind[0])}{kind[1..]} creates one. A new one can take seconds until it is found.");

    /// <summary>An experiment that has neither the name nor the id that was given.</summary>
    public static ErrorRecord ExperimentNotFound(string asked, string host, string which = "", string more = "") => NotFound(
        Guid.TryParseExact(asked, "D", out _)
            ? $"There is no {which}experiment with the id '{asked}' at {host}{more}."
            : $"There is no {which}experiment '{asked}' at {host}, neither by name nor by id{more}.",
        asked,
        "Check the name or the id, and the profile's site: Get-LlmObsExperiment lists the existing ones. A new experiment can take seconds until it is found.");

    /// <summary>Further rows that name an experiment which was not found.</summary>
    public static ErrorRecord RowsOfUnknownExperiment(string name, long count) => NotFound(
        string.Create(System.Globalization.CultureInfo.CurrentCulture, $"{count:N0} more {(count == 1 ? "row names" : "rows name")} the experiment '{name}', which was not found; nothing was sent to it."),
        name,
        "Correct the name in these rows and send them again; the rows of other experiments are not affected.");

    /// <summary>An experiment that could not be looked up.</summary>
    public static ErrorRecord ExperimentNotLookedUp(LlmObsException failure, string asked)
    {
        ErrorRecord record = ToRecord(failure, asked);
        if (failure.Kind == FailureKind.BadRequest)
        {
            record.ErrorDetails.RecommendedAction += " The service may look for a name in one project only: give the id, or Get-LlmObsExperiment NAME -Project PROJECT.";
        }

        return record;
    }

    /// <summary>A name that several projects, datasets or experiments have.</summary>
    public static ErrorRecord AmbiguousName(string kind, string name, IReadOnlyList<string> candidates, int count) => Make(
        $"'{name}' is the name of {count.ToString(System.Globalization.CultureInfo.InvariantCulture)} {kind}s: {string.Join(", ", candidates)}{(count > candidates.Count ? ", …" : string.Empty)}.",
        "AmbiguousName",
        ErrorCategory.InvalidArgument,
        name,
        "Give the id instead.");

    /// <summary>A dataset whose project is unknown.</summary>
    public static ErrorRecord MissingProject(DatasetReference dataset) => Make(
        $"The dataset '{dataset}' was named without its project.",
        "MissingProject",
        ErrorCategory.InvalidArgument,
        dataset,
        "Give -Project with a name or an id, or a dataset from Get-LlmObsDataset.");

    /// <summary>A new experiment whose project is unknown.</summary>
    public static ErrorRecord ExperimentWithoutProject(string name) => Make(
        $"Experiment '{name}' was not created: its project is missing.",
        "MissingProject",
        ErrorCategory.InvalidArgument,
        name,
        "Give -Project with a name or an id, or pipe a dataset from Get-LlmObsDataset.");

    /// <summary>A row that can't become a record of a dataset.</summary>
    public static ErrorRecord InvalidRecord(RowPlace place, EventRowException problem, object? target) => Make(
        problem,
        $"{Capitalized(place.ToString())} was not added: {Sentence(problem.Message)}",
        "InvalidRecord",
        ErrorCategory.InvalidData,
        target,
        "Correct the row and add it again; the other rows are not affected. See Get-Help Add-LlmObsDatasetRecord for the fields.");

    /// <summary>The records of one request or upload that failed; the target holds them as JSON, ready to be added again.</summary>
    public static ErrorRecord RecordsNotAdded(FailedRecords records)
    {
        ErrorRecord record = ToRecord(records.Failure, records.Json);
        string what = records switch
        {
            { First: null } => FormattableString.Invariant($"The upload of {records.Json.Count} records to dataset {records.DatasetId} failed"),
            { Json.Count: 1 } => $"The record of {records.First} did not reach dataset {records.DatasetId}",
            _ => FormattableString.Invariant($"{records.Json.Count} records, {records.First} to {records.Last}, did not reach dataset {records.DatasetId}"),
        };
        string again = records.Failure.Kind == FailureKind.PayloadTooLarge
            ? " The records are the error's TargetObject; pipe it to Add-LlmObsDatasetRecord with several calls, each with a part of it."
            : " The records are the error's TargetObject; pipe it to Add-LlmObsDatasetRecord -Deduplicate to add the missing ones.";
        record.ErrorDetails = new ErrorDetails($"{what}: {records.Failure.Message}") { RecommendedAction = record.ErrorDetails.RecommendedAction + again };
        return record;
    }

    /// <summary>No temporary file for an upload; the target holds the records that were read, as JSON.</summary>
    public static ErrorRecord NoTemporaryFile(RecordFileException failure) => Make(
        failure.InnerException!,
        FormattableString.Invariant(
            $"Nothing was added: the temporary file for an upload can't be written in '{Path.GetTempPath()}': {failure.Message.TrimEnd('.')}. {failure.Json.Count} records had been read."),
        "UnwritableFile",
        ErrorCategory.WriteError,
        failure.Json,
        "Make room there, or name another folder with the environment variable TMPDIR (TEMP on Windows). A larger -UploadThreshold sends requests instead. The records that were read are the error's TargetObject.");

    /// <summary>A record whose dataset is unknown.</summary>
    public static ErrorRecord RecordWithoutDataset(DatasetRecord record)
    {
        string message = $"Record {record.Id} has no dataset or project.";
        return InvalidValue(new PSArgumentException(message), message, record, "Give -Id, -Dataset and -Project, or a record from Get-LlmObsDatasetRecord.");
    }
}
