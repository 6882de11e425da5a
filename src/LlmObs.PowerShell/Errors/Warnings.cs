namespace LlmObs.PowerShell.Errors;

/// <summary>The texts of warnings that more than one place gives, or that come from below the cmdlets.</summary>
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

    /// <summary>A column or member that holds something, and is not sent for a reason of its own.</summary>
    /// <param name="source">Its file; null for the pipeline.</param>
    /// <param name="name">Its name.</param>
    /// <param name="why">The reason, as the end of a sentence that begins with the name.</param>
    public static string NotSent(string? source, string name, string why) => $"'{name}'{Of(source)} {why}.";

    /// <summary>Sending was stopped: where the rest is.</summary>
    /// <param name="spool">Keeps it.</param>
    public static string StoppedSpool(EventSpool spool)
    {
        try
        {
            return FormattableString.Invariant(
                $"Sending was stopped; {spool.CountLeft()} unanswered requests are kept in {spool.FolderPath}. Resume-LlmObsEvent sends them, and reads on where files were not read to their end.");
        }
        catch (SpoolException e)
        {
            return $"Sending was stopped. {e.Message}.";
        }
    }

    private static string Of(string? source) => source is null ? string.Empty : $" of {source}";
}
