using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Events and rows that did not reach an experiment.</content>
internal static partial class Failures
{
    /// <summary>Events that failed for one reason; the target holds them as JSON, ready to be sent again.</summary>
    public static ErrorRecord ToRecord(UndeliveredEvents events) => events.IsCulprit ? Refused(events) : NotSent(events);

    /// <summary>Events that the service refuses: the same kind of error as of a row that is seen to be wrong before.</summary>
    private static ErrorRecord Refused(UndeliveredEvents events) => events.Count > 1
        ? Make(
            events.Failure,
            $"{Rows(events)} were refused by the service for one reason and are not in experiment {events.ExperimentId}: {events.Failure.Message}"
                + (events.SharedCount == 0 ? string.Empty : FormattableString.Invariant($" {events.SharedCount} of them were refused together with others, and were not tried alone.")),
            "InvalidEvent",
            ErrorCategory.InvalidData,
            events.Json,
            "Correct the fields that the service names, and send these events again; the other events of the request are not affected. The events are the error's TargetObject, as JSON.")
        : Make(
        events.Failure,
        $"The event of {events.First} was refused by the service and is not in experiment {events.ExperimentId}: {events.Failure.Message}",
        "InvalidEvent",
        ErrorCategory.InvalidData,
        events.Json[0],
        "Correct the field that the service names, and send this event again; the other events of the request are not affected. The event is the error's TargetObject, as JSON.");

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
            ? " Parts of them were too large as well, so they were not halved further: the service may accept nothing of this size."
            : events.Failure.Kind == FailureKind.BadRequest
            ? " Every tried part of them was refused, so they were not tried one by one: they may all have the same fault."
            : string.Empty;
        ErrorRecord record = ToRecord(events.Failure, events.Json);
        record.ErrorDetails = new ErrorDetails($"{Rows(events)} did not reach experiment {events.ExperimentId}: {events.Failure.Message}{Untried(events)}{search}")
        {
            RecommendedAction = record.ErrorDetails.RecommendedAction + " The events are the error's TargetObject; pipe it to Send-LlmObsEvent to send them again.",
        };
        return record;
    }

    /// <summary>The error that ends a command, after all earlier rows were answered; it returns the events of all its errors.</summary>
    /// <param name="errors">The errors, in order.</param>
    /// <param name="accepted">The events that the service has.</param>
    /// <param name="last">The last row that was taken; null if there was none.</param>
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

    /// <summary>Rows that can't be sent.</summary>
    public static ErrorRecord Refused(RefusedRows rows, object? target) => rows switch
    {
        // The same for every row: one error that names the missing parameter, instead of one per row.
        { Problem.IsMissingSetting: true } => MissingSetting(rows.Place, rows.Problem, rows.ExperimentId),
        { AreRest: true } => RepeatedEvents(rows.Place, rows.Count, rows.Problem),
        { Count: > 1 } => InvalidEvents(rows.Place, rows.Count, rows.Problem),
        _ => InvalidEvent(rows.Place, rows.Problem, target),
    };

    /// <summary>A row that can't be sent.</summary>
    public static ErrorRecord InvalidEvent(RowPlace place, EventRowException problem, object? target) => Make(
        problem,
        $"{Capitalized(place.ToString())} was not sent: {Sentence(problem.Message)}",
        "InvalidEvent",
        ErrorCategory.InvalidData,
        target,
        "Correct the row and send it again; the other rows are not affected. See Get-Help Send-LlmObsEvent for the fields.");

    /// <summary>Spans without a project or a dataset, which neither their rows nor the command line name.</summary>
    public static ErrorRecord MissingSetting(RowPlace place, EventRowException problem, string experimentId) => Make(
        problem,
        $"Spans need a project and a dataset, but {place} has no {problem.Field}, and the experiment names none; no further row was sent.",
        "MissingSetting",
        ErrorCategory.InvalidArgument,
        experimentId,
        "Give -ProjectId and -DatasetId.");

    /// <summary>A table whose rows were sent, and that never had a column that was asked for.</summary>
    public static ErrorRecord UnseenColumn(string table, EventRowException problem, object? target) => Make(
        problem,
        $"{table} was read without a requested column: {Sentence(problem.Message)}",
        "UnseenColumn",
        ErrorCategory.InvalidData,
        target,
        "Correct the column's name and send the table again.");

    /// <summary>Rows that can't be sent for one and the same reason.</summary>
    public static ErrorRecord InvalidEvents(RowPlace first, long count, EventRowException problem) => Make(
        problem,
        string.Create(System.Globalization.CultureInfo.CurrentCulture, $"{count:N0} rows, the first of them {first}, were not sent: {Sentence(problem.Message)}"),
        "InvalidEvent",
        ErrorCategory.InvalidData,
        null,
        "Correct the rows, or the requested columns; the other rows are not affected.");

    /// <summary>More rows that can't be sent, for a reason that was reported of others.</summary>
    public static ErrorRecord RepeatedEvents(RowPlace last, long count, EventRowException problem) => Make(
        problem,
        string.Create(System.Globalization.CultureInfo.CurrentCulture, $"{count:N0} more rows, the last of them {last}, were not sent for the same reason as {RepeatedProblems.MostReported} rows before them; the last: {Sentence(problem.Message)}"),
        "InvalidEvent",
        ErrorCategory.InvalidData,
        null,
        "Correct the common cause: a column, a parameter, or the program that wrote the file.");
}
