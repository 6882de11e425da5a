using System.Globalization;

namespace LlmObs.Client.Warnings;

/// <summary>The catalogue of warnings that rows, files and requests give; those of single events are <see cref="EventWarnings"/>.</summary>
internal static class WarningTexts
{
    /// <summary>The reason why a field that only spans from the service have is not sent; the end of a sentence.</summary>
    public const string ReadOnlyField = "can only be read: the API does not accept it, and it is not sent";

    /// <summary>The reason why a column with the text of a list is not read; the end of a sentence.</summary>
    public const string LostMetrics =
        "no longer holds a list of metrics, so none are sent; save spans with their metrics as JSON, or the metrics in a separate file";

    /// <summary>A column of metrics without any.</summary>
    public static string EmptyMetricColumn(string label) => $"The metric column '{label}' has no value in any row: no metric is sent.";

    /// <summary>A name with an asterisk that stands for more columns than are taken.</summary>
    public static string TooManyColumns(string name, RowPlace place) =>
        $"'{name}' stands for too many columns: those that are new from {place} on are not sent. Name the columns, or a path that fewer of them have.";

    /// <summary>The reason why some rows have no metric; the end of a sentence.</summary>
    /// <param name="without">The rows without a value.</param>
    /// <param name="all">All rows.</param>
    /// <param name="words">The texts that mean "no value", with their counts.</param>
    public static string MissingValues<T>(long without, long all, IEnumerable<KeyValuePair<string, T>> words)
    {
        string found = string.Join(", ", words.Select(word => string.Create(CultureInfo.InvariantCulture, $"'{word.Key}' {word.Value} times")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"has no value in {without} of {all} rows ({found}), and no metric is sent for them; -MissingValue sets the texts that mean it");
    }

    /// <summary>Rows whose duration is missing.</summary>
    public static string NoDuration(string column, long without, long all) => string.Create(
        CultureInfo.InvariantCulture, $"'{column}' has no value in {without} of {all} rows. The service accepts no span without a duration, so they get 1 ms.");

    /// <summary>Rows of a file that end before its header does.</summary>
    public static string ShortRows(long count, RowPlace first)
    {
        string rows = count == 1 ? "1 row has" : string.Create(CultureInfo.InvariantCulture, $"{count} rows have");
        return $"{rows} fewer cells than the header, the first is {first}; the missing cells were read as blank.";
    }

    /// <summary>Sending pauses, since requests fail.</summary>
    public static string Paused(LlmObsException failure, TimeSpan pause, TimeSpan longest) => string.Create(
        CultureInfo.InvariantCulture,
        $"{failure.Message} Sending pauses for {pause.TotalSeconds:0} s, and continues with one request at a time until one is accepted; if none is accepted for {longest.TotalMinutes:0} minutes, the rest is not tried.");

    /// <summary>Events are given up, since requests fail for good.</summary>
    public static string NotTried(LlmObsException failure, string experimentId, bool areKept) =>
        $"{failure.Message} So the rest for experiment {experimentId} is not tried: its events "
        + (areKept ? "are kept in the spool." : "are in the error at the end.");

    /// <summary>An upload that was answered without a count.</summary>
    public static string UploadNotCounted(int records) => string.Create(
        CultureInfo.InvariantCulture, $"The service accepted the file of {records} records without reporting how many of them it added; all are counted as added.");

    /// <summary>A file of the spool that could not be changed after an answer.</summary>
    /// <param name="problem">The system's error.</param>
    /// <param name="open">The events in it that are not answered.</param>
    /// <param name="all">All events in it.</param>
    public static string SpoolNotChanged(Exception problem, int open, int all) => $"{problem.Message}. " + (open == 0
        ? "All of its events were answered; remove the file, or the next Resume-LlmObsEvent sends them again."
        : open == all
        ? "None of its events was answered; leave the file where it is, and the next Resume-LlmObsEvent sends them."
        : FormattableString.Invariant(
            $"{all - open} of its {all} original events were answered, and the others were not; leave the file where it is: the next Resume-LlmObsEvent sends its events, perhaps some answered ones again."));
}
