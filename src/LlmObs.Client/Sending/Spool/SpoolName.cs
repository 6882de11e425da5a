using System.Text.RegularExpressions;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// The names of a spool's files: a run's name, which begins with its start time, and the file's role in it. A file
/// with any other name does not belong to the spool, whatever its ending, and is not touched.
/// </summary>
internal static partial class SpoolName
{
    public const string RequestEnding = ".request";
    public const string RecordEnding = ".run";
    public const string LockEnding = ".lock";
    public const string UnfinishedEnding = ".tmp";
    public const string DamagedEnding = ".damaged"; // what ends so is never read again

    /// <summary>The run of a request or a record, also of one that was not written to its end; null for all other files.</summary>
    public static string? RunOf(string file) => RunFile().Match(file) is { Success: true } match ? match.Groups["run"].Value : null;

    public static bool IsRequest(string file) => RunOf(file) is not null && file.EndsWith(RequestEnding, StringComparison.Ordinal);

    public static bool IsUnfinished(string file) => RunOf(file) is not null && file.EndsWith(UnfinishedEnding, StringComparison.Ordinal);

    [GeneratedRegex(@"\A(?<run>[0-9]{8}T[0-9]{9}-[0-9a-f]{8})(\.run|\.[0-9]{9}\.request)(\.tmp)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RunFile();
}
