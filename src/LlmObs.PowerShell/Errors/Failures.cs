using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <summary>Every error of the module: its id, its category, what it says and what to do about it.</summary>
internal static class Failures
{
    private const string KeyWays =
        """
        Supply both keys in one of three ways:
          (1) in the session: Set-LlmObsConfig -ApiKey (Read-Host -AsSecureString) -AppKey (Read-Host -AsSecureString)
          (2) in the environment: DD_API_KEY and DD_APP_KEY
          (3) from a vault: Set-LlmObsConfig -ApiKey (Get-Secret DatadogApiKey) -AppKey (Get-Secret DatadogAppKey)
          An access token takes the place of both: Set-LlmObsConfig -AccessToken, or DD_ACCESS_TOKEN.
          To try the module without keys, run Start-LlmObsEmulator first.
        """;

    /// <summary>A call that failed. The id is the failure's kind.</summary>
    public static ErrorRecord ToRecord(LlmObsException failure, object? target)
    {
        (ErrorCategory category, string action) = Advise(failure.Kind);
        return new ErrorRecord(failure, failure.Kind.ToString(), category, target)
        {
            ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = action },
        };
    }

    /// <summary>What to do about a kind of failure.</summary>
    public static string Advice(FailureKind kind) => Advise(kind).Action;

    /// <summary>Events that failed for one reason; the target holds them as JSON, ready to be sent again.</summary>
    public static ErrorRecord ToRecord(UndeliveredEvents events) => events.IsCulprit ? Refused(events) : NotSent(events);

    /// <summary>One event that the service refuses: the same kind of error as of a row that is seen to be wrong before.</summary>
    private static ErrorRecord Refused(UndeliveredEvents events) => Record(
        events.Failure,
        $"The event of {events.First} was refused by the service and is not in experiment {events.ExperimentId}: {events.Failure.Message}",
        "InvalidEvent",
        ErrorCategory.InvalidData,
        events.Json[0],
        "Correct what the service names, and send this event again; the events that it was sent with are not affected. The event is the error's TargetObject, as JSON.");

    private static ErrorRecord NotSent(UndeliveredEvents events) => events.KeptIn is null ? Returned(events) : Kept(events);

    /// <summary>Events of a request that a spool keeps: they are not given back too, or they would be sent twice.</summary>
    private static ErrorRecord Kept(UndeliveredEvents events)
    {
        ErrorRecord record = ToRecord(events.Failure, events.KeptIn);
        record.ErrorDetails = new ErrorDetails($"{Rows(events)} did not reach experiment {events.ExperimentId}, and are kept in the spool: {events.Failure.Message}{Untried(events)}")
        {
            RecommendedAction = record.ErrorDetails.RecommendedAction + $" Then send them with Resume-LlmObsEvent -SpoolPath '{events.SpoolPath}'.",
        };
        return record;
    }

    private static string Rows(UndeliveredEvents events) => events switch
    {
        { Count: 1 } => $"The event of {events.First}",
        { HasGaps: true } => FormattableString.Invariant($"{events.Count} events between {events.First} and {events.Last}"),
        _ => FormattableString.Invariant($"{events.Count} events, {events.First} to {events.Last},"),
    };

    private static string Untried(UndeliveredEvents events) => events.UntriedCount == 0
        ? string.Empty
        : FormattableString.Invariant($" {events.UntriedCount} of them were not tried after that.");

    private static ErrorRecord Returned(UndeliveredEvents events)
    {
        string search = events.Failure.Kind == FailureKind.PayloadTooLarge && events.Count > 1
            ? " Parts of them were too large as well, so they were not halved further: the service may take nothing of this size."
            : events.Failure.Kind == FailureKind.BadRequest
            ? " Each part of them that was tried was refused, so they were not tried one by one: they may all have the same fault."
            : string.Empty;
        ErrorRecord record = ToRecord(events.Failure, events.Json);
        record.ErrorDetails = new ErrorDetails($"{Rows(events)} did not reach experiment {events.ExperimentId}: {events.Failure.Message}{Untried(events)}{search}")
        {
            RecommendedAction = record.ErrorDetails.RecommendedAction + " The events are the error's TargetObject; pipe that to Send-LlmObsEvent to send them again.",
        };
        return record;
    }

    /// <summary>The error that ends a command, once everything that was read before it is answered; events that are given back are those of all its errors.</summary>
    /// <param name="errors">The errors, in order.</param>
    /// <param name="accepted">The events that the service has.</param>
    /// <param name="last">The last row that was taken; null where there was none.</param>
    public static ErrorRecord Ended(IReadOnlyList<ErrorRecord> errors, long accepted, RowPlace? last)
    {
        ErrorRecord[] givingBack = [.. errors.Where(error => error.TargetObject is IReadOnlyList<string>)];
        ErrorRecord shown = givingBack.FirstOrDefault() ?? errors[0];
        object? target = givingBack.Length > 1 ? givingBack.SelectMany(error => (IReadOnlyList<string>)error.TargetObject).ToArray() : shown.TargetObject;
        string others = string.Concat(errors.Where(error => error != shown).Select(error => " " + error.ErrorDetails.Message));
        string rest = last is null ? "no other row was sent" : $"no row after {last} was sent";
        return new ErrorRecord(shown.Exception, shown.FullyQualifiedErrorId, shown.CategoryInfo.Category, target)
        {
            ErrorDetails = new ErrorDetails(FormattableString.Invariant(
                $"{shown.ErrorDetails.Message}{others} This ended the command: {accepted} events were accepted, and {rest}."))
            {
                RecommendedAction = shown.ErrorDetails.RecommendedAction,
            },
        };
    }

    /// <summary>A batch that the spool could not take: nothing of it was sent, and no further row is read.</summary>
    public static ErrorRecord NotSpooled(SpoolException failure, ReadyBatch batch)
    {
        (RowPlace first, RowPlace last) = batch.Places();
        return Record(
            failure,
            FormattableString.Invariant($"The spool can't be written, so sending was stopped before an event was lost: {failure.Message}. Everything before {first} is answered or kept in the spool; the {batch.Count} events from {first} to {last} were neither sent nor kept, and no row was read after them."),
            "SpoolNotWritable",
            ErrorCategory.WriteError,
            batch.ToJson().ToArray(),
            "Make room or give another -SpoolPath. Rows of files: Resume-LlmObsEvent reads them on from here. Rows of the pipeline: these events are the error's TargetObject; pipe that to Send-LlmObsEvent, and then the rows after them.");
    }

    /// <summary>A run whose spool broke off: nothing further was run.</summary>
    public static ErrorRecord RunNotSpooled(SpoolException failure, int rows, Experiment experiment, string? resultPath) => Record(
        failure,
        FormattableString.Invariant($"The run of experiment {experiment.Id} was ended, since its spool can't be written: {failure.Message}. {rows} finished rows were neither sent nor kept there."),
        "SpoolNotWritable",
        ErrorCategory.WriteError,
        failure.Batch?.ToJson().ToArray() ?? (object)experiment,
        resultPath is null
            ? "Make room or give another -SpoolPath, and run it again. With -ResultPath, rows are on disk before they are sent."
            : $"Make room or give another -SpoolPath; Resume-LlmObsExperiment -ResultPath '{resultPath}' then sends these rows and runs what is missing.");

    /// <summary>The spool's folder or its notes can't be used.</summary>
    public static ErrorRecord SpoolFailed(SpoolException failure) => Record(
        failure,
        $"The spool can't be used: {failure.Message}.",
        "SpoolNotWritable",
        ErrorCategory.WriteError,
        failure.SpoolFile,
        "Check the folder, its access rights and the room on its disk; what it holds is sent by Resume-LlmObsEvent.");

    /// <summary>One file or run of a spool that can't be used; the others are sent.</summary>
    public static ErrorRecord UnreadableSpool(SpoolException failure) => Record(
        failure,
        $"A file of the spool was left as it is, and nothing of it was sent: {failure.Message}. The others are not affected.",
        "UnreadableSpool",
        ErrorCategory.ReadError,
        failure.SpoolFile,
        "Check the file and its access rights. One of another version is sent by the version that wrote it. Then run Resume-LlmObsEvent again.");

    /// <summary>A file that somebody wrote to while it was read.</summary>
    public static string ChangedWhileRead(string path) =>
        $"The file '{path}' was changed while it was read: what was taken of it may be partly its old and partly its new content. Check it, and read it again if it was not only added to.";

    /// <summary>A spool of events for another service than the profile's.</summary>
    public static ErrorRecord SpooledForAnother(string run, string address, string present) => Record(
        $"Run {run} was spooled for {address}, and this profile sends to {present}; nothing of it was sent.",
        "SpooledForAnother",
        ErrorCategory.InvalidArgument,
        run,
        "Give the profile of that site with -ProfileName, or set it with Set-LlmObsConfig.");

    /// <summary>The pipeline ended with the process that read it: nobody but the caller has the rows that came after.</summary>
    public static ErrorRecord PipelineCutShort(SpoolRecord record) => Record(
        record.EventCount == 0 && !record.SourcesArePiped
            ? $"A call of Send-LlmObsEvent for experiment {record.ExperimentId} ended before the first of its rows was kept in the spool."
            : record.SourcesArePiped && !record.FromPipeline
            ? $"A call of Send-LlmObsEvent for experiment {record.ExperimentId} ended before its pipeline did: files up to '{record.Sources[^1].Path}' were known to the spool, and are read; later ones never were."
            : FormattableString.Invariant($"A call of Send-LlmObsEvent for experiment {record.ExperimentId} ended before its pipeline did: {record.EventCount} events were kept in the spool, the last one of row {record.LastRow}; later rows never were."),
        "PipelineCutShort",
        ErrorCategory.InvalidOperation,
        record,
        "Send what came after that again. With -Path instead of a pipeline, Resume-LlmObsEvent reads on by itself.");

    /// <summary>A file that can't be read on, since it is not what it was.</summary>
    public static ErrorRecord SpooledFileChanged(SpoolSource source, string record) => Record(
        source.EventCount == 0
            ? $"The file '{source.Path}' can't be read: {source.WhyChanged()}. No event of it was kept in the spool."
            : FormattableString.Invariant($"The file '{source.Path}' can't be read on: {source.WhyChanged()}. {source.EventCount} of its events were kept in the spool or sent, the last one of row {source.LastRow}; later rows never were."),
        "SpooledFileChanged",
        ErrorCategory.InvalidData,
        source.Path,
        $"Put the file back as it was and run Resume-LlmObsEvent again; or send the later rows yourself and remove '{record}'.");

    public static ErrorRecord MissingKeys(string host, bool hasApiKey, bool hasAppKey, string profileName)
    {
        string missing = (hasApiKey, hasAppKey) switch
        {
            (false, false) => "Neither an API key nor an application key is known",
            (false, _) => "No API key is known",
            _ => "No application key is known",
        };
        string message = $"{missing} for {host} (profile '{profileName}'); nothing was sent.";
        return Record(message, "MissingKeys", ErrorCategory.AuthenticationError, profileName, KeyWays);
    }

    /// <summary>Something that was asked for by its id or whole name, and is not there.</summary>
    public static ErrorRecord NotFound(string message, string asked, string action) =>
        Record(message, FailureKind.NotFound.ToString(), ErrorCategory.ObjectNotFound, asked, action);

    /// <summary>A list of experiments that the service refused, where it was asked for those of all projects.</summary>
    public static ErrorRecord OfAllProjects(LlmObsException failure, object? target)
    {
        ErrorRecord record = ToRecord(failure, target);
        record.ErrorDetails.RecommendedAction += " The documents of the service ask for a project or a dataset here: give -Project or -Dataset, or use Find-LlmObsExperiment.";
        return record;
    }

    /// <summary>A project or a dataset that neither has the name nor the id that was given.</summary>
    public static ErrorRecord NameNotFound(string kind, string name, string? projectId, string host) => NotFound(
        $"There is no {kind} '{name}' {(projectId is null ? string.Empty : $"in the project {projectId} ")}at {host}, neither by name nor by id.",
        name,
        $"Check the name: Get-LlmObs{char.ToUpperInvariant(kind[0])}{kind[1..]} lists what is there, New-LlmObs{char.ToUpperInvariant(kind[0])}{kind[1..]} makes one. What was just made can take seconds until it is found.");

    /// <summary>A name that several projects or datasets have.</summary>
    public static ErrorRecord AmbiguousName(string kind, string name, IReadOnlyList<string> candidates, int count) => Record(
        $"'{name}' is the name of {count.ToString(System.Globalization.CultureInfo.InvariantCulture)} {kind}s: {string.Join(", ", candidates)}{(count > candidates.Count ? ", …" : string.Empty)}.",
        "AmbiguousName",
        ErrorCategory.InvalidArgument,
        name,
        "Give the id of the one that is meant.");

    /// <summary>A change that changes nothing.</summary>
    public static ErrorRecord NothingToChange(string kind, object target, string action)
    {
        string message = $"{kind} {target} was not changed: nothing was given to change.";
        return InvalidValue(new PSArgumentException(message), message, target, action);
    }

    /// <summary>A dataset of which nobody said in which project it is.</summary>
    public static ErrorRecord MissingProject(DatasetReference dataset) => Record(
        $"In which project is the dataset '{dataset}'? Nothing says so.",
        "MissingProject",
        ErrorCategory.InvalidArgument,
        dataset,
        "Give -Project with a name or an id, or the dataset as Get-LlmObsDataset returns it.");

    /// <summary>A row that can't be sent.</summary>
    public static ErrorRecord InvalidEvent(RowPlace place, EventRowException problem, object? target) => Record(
        problem,
        $"{Capitalized(place.ToString())} was not sent: {problem.Message}.",
        "InvalidEvent",
        ErrorCategory.InvalidData,
        target,
        "Correct the row and send it again; the other rows are not affected. See Get-Help Send-LlmObsEvent for the fields.");

    /// <summary>A result file that can't be read.</summary>
    public static ErrorRecord UnreadableResult(string path, Exception reason) => Record(
        reason,
        reason is FileNotFoundException or DirectoryNotFoundException ? $"There is no result file '{path}'." : Sentence(reason.Message),
        "UnreadableFile",
        ErrorCategory.ReadError,
        path,
        "Give the file that Invoke-LlmObsExperiment -ResultPath wrote. See Get-Help about_LlmObs_Results.");

    /// <summary>A run that could not go on.</summary>
    public static ErrorRecord RunFailed(Exception reason, string message, Experiment experiment, string? resultPath) => Record(
        reason,
        $"The run of experiment {experiment.Id} ended before its end: {Sentence(message)}",
        "RunFailed",
        ErrorCategory.OperationStopped,
        experiment,
        resultPath is null
            ? "Correct what it names, and run it again. With -ResultPath a run can be continued by Resume-LlmObsExperiment."
            : $"Correct what it names; Resume-LlmObsExperiment -ResultPath '{resultPath}' then runs what is missing.");

    /// <summary>A row that can't become a record of a dataset.</summary>
    public static ErrorRecord InvalidRecord(RowPlace place, EventRowException problem, object? target) => Record(
        problem,
        $"{Capitalized(place.ToString())} was not added: {problem.Message}.",
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
        record.ErrorDetails = new ErrorDetails($"{what}: {records.Failure.Message}")
        {
            RecommendedAction = record.ErrorDetails.RecommendedAction + " The records are the error's TargetObject; pipe that to Add-LlmObsDatasetRecord -Deduplicate to add those that are missing.",
        };
        return record;
    }

    /// <summary>No temporary file for an upload; the target holds the records that were read, as JSON.</summary>
    public static ErrorRecord NoTemporaryFile(RecordFileException failure) => Record(
        failure.InnerException!,
        FormattableString.Invariant(
            $"Nothing was added: the temporary file for an upload can't be written in '{Path.GetTempPath()}': {failure.Message.TrimEnd('.')}. {failure.Json.Count} records had been read."),
        "UnwritableFile",
        ErrorCategory.WriteError,
        failure.Json,
        "Make room there, or name another folder with the environment variable TMPDIR (TEMP on Windows). A larger -UploadThreshold sends requests instead. The records that were read are the error's TargetObject.");

    /// <summary>A record of which nobody said in which dataset it is.</summary>
    public static ErrorRecord RecordWithoutDataset(DatasetRecord record)
    {
        string message = $"In which dataset and project is the record {record.Id}? It does not say so itself.";
        return InvalidValue(new PSArgumentException(message), message, record, "Give -Id, -Dataset and -Project, or the record as Get-LlmObsDatasetRecord returns it.");
    }

    /// <summary>Spans without a project or a dataset, which neither their rows nor the command line name.</summary>
    public static ErrorRecord MissingSetting(RowPlace place, EventRowException problem, string experimentId) => Record(
        problem,
        $"Spans need a project and a dataset, but {place} has no {problem.Field}, and nothing was given in its place; no further row was sent.",
        "MissingSetting",
        ErrorCategory.InvalidArgument,
        experimentId,
        "Give -Experiment, as New-LlmObsExperiment returned it with its project and dataset, or -ProjectId and -DatasetId.");

    /// <summary>A table whose rows were sent, and that never had a column that was asked for.</summary>
    public static ErrorRecord UnseenColumn(string table, EventRowException problem, object? target) => Record(
        problem,
        $"{table} was read without something that was asked for: {Sentence(problem.Message)}",
        "UnseenColumn",
        ErrorCategory.InvalidData,
        target,
        "Correct the column's name and send the table again.");

    /// <summary>Rows that can't be sent for one and the same reason.</summary>
    public static ErrorRecord InvalidEvents(RowPlace first, long count, EventRowException problem) => Record(
        problem,
        string.Create(System.Globalization.CultureInfo.CurrentCulture, $"{count:N0} rows, the first of them {first}, were not sent: {problem.Message}."),
        "InvalidEvent",
        ErrorCategory.InvalidData,
        null,
        "Correct the rows, or the columns that are asked for; the other rows are not affected.");

    /// <summary>Further rows that can't be sent for a reason that was told of others.</summary>
    public static ErrorRecord RepeatedEvents(RowPlace last, long count, EventRowException problem) => Record(
        problem,
        string.Create(System.Globalization.CultureInfo.CurrentCulture, $"{count:N0} more rows, the last of them {last}, were not sent for a reason that was given for {RepeatedProblems.MostReported} before; there: {problem.Message}."),
        "InvalidEvent",
        ErrorCategory.InvalidData,
        null,
        "Correct what is the same in all of them: a column, a parameter, or what wrote the file.");

    /// <summary>A file that can't be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why.</param>
    /// <param name="record">The record of a spool that keeps the rest of it for another time; null where nothing does.</param>
    public static ErrorRecord UnreadableFile(string path, Exception reason, string? record = null)
    {
        string later = record is null ? string.Empty
            : $" Once it can be read, Resume-LlmObsEvent reads it on; if it never can, or its rows are sent in another way, remove '{record}'.";
        bool isOfColumns = reason is EventRowException { IsOfColumns: true };
        string message = isOfColumns || reason is NotSupportedException
            ? $"No row of the file '{path}' was taken: {Sentence(reason.Message)}"
            : $"The file '{path}' was not read to its end: {Sentence(reason.Message)}";
        return Record(
            reason,
            message,
            "UnreadableFile",
            reason is EventRowException ? ErrorCategory.InvalidData : ErrorCategory.ReadError,
            path,
            (isOfColumns
                ? "Correct what was given, or the file's header. With -WhatIf nothing is sent, and the columns are shown as they are understood."
                : "Check the path, the ending (.csv, .tsv, .json, .jsonl, .ndjson, also with .gz) and the access rights.") + later);
    }

    /// <summary>An aggregate that did not match as many events as it was to wait for.</summary>
    public static ErrorRecord TooFewEvents(long found, long wanted, int seconds, object? target) => Record(
        $"The query matches {found} events, and {wanted} were waited for, {seconds} s long.",
        "TooFewEvents",
        ErrorCategory.OperationTimeout,
        target,
        "Check -Query, -Label and the time range; give the service more time with -WaitSec, or a smaller -MinimumHitCount.");

    /// <summary>A file that can't be written.</summary>
    public static ErrorRecord UnwritableFile(string path, Exception reason) => Record(
        reason,
        $"The file '{path}' was not written: {reason.Message.TrimEnd('.')}.",
        "UnwritableFile",
        ErrorCategory.WriteError,
        path,
        "Check that its folder exists, the access rights, and the space left.");

    /// <summary>A comment on a pull request that could not be written.</summary>
    public static ErrorRecord NoComment(LlmObsException failure, PullRequest pullRequest, string name)
    {
        bool isRefused = failure.Kind is FailureKind.Unauthorized or FailureKind.Forbidden or FailureKind.NotFound or FailureKind.Redirected or FailureKind.ForeignAnswer;
        return Record(
            failure,
            $"The comment on {name} was not written: {failure.Message}",
            isRefused ? "CommentRefused" : "CommentFailed",
            isRefused ? ErrorCategory.PermissionDenied : Advise(failure.Kind).Category,
            pullRequest.Number,
            isRefused ? TokenAdvice(pullRequest.Host) : "Run the step again. The summary itself is not affected.");
    }

    /// <summary>A build of a pull request that was not given what a comment needs.</summary>
    /// <param name="host">Who keeps the pull request.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    public static ErrorRecord NoToken(PullRequestHost host, string reason) => Record(
        $"No comment was written on the pull request: {reason}.", "CommentRefused", ErrorCategory.AuthenticationError, null, TokenAdvice(host));

    private static string TokenAdvice(PullRequestHost host) => host == PullRequestHost.GitHub
        ? "Give the job 'permissions: pull-requests: write', and the step 'env: GITHUB_TOKEN: ${{ github.token }}'. In a pull request from a fork that token may only read. The summary itself is not affected."
        : "Give the step 'env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)', and the build service of the project the right 'Contribute to pull requests' on the repository. The summary itself is not affected.";

    /// <summary>A file that is not to be written.</summary>
    public static ErrorRecord UnwritableFile(string path, string reason) => UnwritableFile(path, new IOException(reason));

    /// <summary>
    /// An error that ends the script as <c>throw</c> does, also where <c>$ErrorActionPreference</c> is Continue: a script whose
    /// gate does not hold must not go on, and pwsh -File must end with 1. An error of a cmdlet would end its own line only.
    /// </summary>
    public static RuntimeException EndOfScript(string command, string id, IReadOnlyList<string> reasons, string action)
    {
        string message = $"{command}: {string.Join(Environment.NewLine, reasons)}"; // PowerShell names no command of what is thrown
        ErrorRecord record = Record(message, id, ErrorCategory.LimitsExceeded, reasons, action);
        return new RuntimeException(message, record.Exception, record) { WasThrownFromThrowStatement = true };
    }

    /// <summary>What an argument's exception says, without the name of the argument that .NET adds.</summary>
    public static string Reason(ArgumentException reason) => reason.Message.Split(" (Parameter", 2)[0];

    /// <summary>A parameter's value that can't be used.</summary>
    public static ErrorRecord InvalidValue(Exception reason, string message, object? target, string action) =>
        Record(reason, message, "InvalidValue", ErrorCategory.InvalidArgument, target, action);

    public static ErrorRecord Record(string message, string id, ErrorCategory category, object? target, string action) =>
        Record(new InvalidOperationException(message), message, id, category, target, action);

    public static ErrorRecord Record(Exception exception, string message, string id, ErrorCategory category, object? target, string action) =>
        new(exception, id, category, target) { ErrorDetails = new ErrorDetails(message) { RecommendedAction = action } };

    private static (ErrorCategory Category, string Action) Advise(FailureKind kind) => kind switch
    {
        FailureKind.BadRequest => (ErrorCategory.InvalidData, "Correct what the service names, and send it again."),
        FailureKind.Unauthorized => (ErrorCategory.AuthenticationError, "Run Test-LlmObsConnection: it says which key or token is refused. Check that it is one of this site; Get-LlmObsConfig shows what is used, and under FromEnvironment what of it comes from DD_SITE, DD_API_KEY and DD_APP_KEY."),
        FailureKind.Forbidden => (ErrorCategory.PermissionDenied, "The application key's owner needs the permission for LLM Observability; an IP allow-list may also refuse."),
        FailureKind.NotFound => (ErrorCategory.ObjectNotFound, "Check the id, and that site and organisation are those where it was made."),
        FailureKind.Conflict => (ErrorCategory.ResourceExists, "Read what is there, and decide which of the two is meant."),
        FailureKind.PayloadTooLarge => (ErrorCategory.LimitsExceeded, "A single event is larger than the service takes: shorten its input, output or metadata."),
        FailureKind.RateLimited => (ErrorCategory.LimitsExceeded, "Send again later, with a smaller -ThrottleLimit, or allow more retries with Set-LlmObsConfig -MaxRetryCount."),
        FailureKind.ServerError => (ErrorCategory.ResourceUnavailable, "Send again later; see the service's status page."),
        FailureKind.Redirected => (ErrorCategory.ConnectionError, "Check -Site and -BaseUri: keys are never sent to where an answer points."),
        FailureKind.Timeout => (ErrorCategory.OperationTimeout, "Send again, or allow more time with Set-LlmObsConfig -TimeoutSec."),
        FailureKind.ConnectionRefused => (ErrorCategory.ConnectionError, "Check the address (Get-LlmObsConfig), the firewall and the proxy; for the emulator: is it still running? (Get-LlmObsEmulator)"),
        FailureKind.NameNotResolved => (ErrorCategory.ConnectionError, "Check the site's name (Get-LlmObsConfig) and this machine's DNS."),
        FailureKind.TlsFailed => (ErrorCategory.SecurityError, "Check this machine's clock and certificates; a proxy that opens TLS needs its certificate trusted. Checking can't be turned off."),
        FailureKind.ProxyFailed => (ErrorCategory.ConnectionError, "Check Set-LlmObsConfig -Proxy and the proxy itself."),
        FailureKind.ConnectionLost => (ErrorCategory.ConnectionError, "Send again; the service may or may not have acted on it."),
        FailureKind.UnreadableAnswer => (ErrorCategory.InvalidResult, "A write has landed: do not send it again, look it up in Datadog. A reading can be repeated."),
        FailureKind.ForeignAnswer => (ErrorCategory.ConnectionError, "Nothing has reached the service: sign in to the network or the proxy, check -Site and -BaseUri, and send again."),
        FailureKind.AnswerTooLarge => (ErrorCategory.LimitsExceeded, "Ask for less: fewer items with -First or a narrower filter; for an export, a larger -MaxBytes."),
        FailureKind.UploadFailed => (ErrorCategory.InvalidData, "Correct what the service names. Some records may be written: see Get-LlmObsDatasetRecord, and send again with -Deduplicate."),
        FailureKind.UploadUnfinished => (ErrorCategory.InvalidResult, "The service may still finish: see Get-LlmObsDatasetRecord in a while, and send again with -Deduplicate if records are missing."),
        _ => (ErrorCategory.InvalidResult, "The service answered in a way that this version does not know."),
    };

    private static string Sentence(string words) => words.EndsWith('?') ? words : words.TrimEnd('.') + ".";

    private static string Capitalized(string text) => text.StartsWith("row", StringComparison.Ordinal) ? "R" + text[1..] : text;
}
