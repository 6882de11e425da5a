using System.Text.RegularExpressions;

namespace LlmObs;

/// <summary>
/// Settings of the environment and of the command line as errors may show them. People put keys into the wrong variable, and
/// passwords into addresses; what looks like either is masked, and the rest stays readable.
/// </summary>
public static partial class ShownSetting
{
    /// <summary>The text, without what may be a password or a key.</summary>
    /// <param name="text">The setting, as it was given.</param>
    /// <returns>The text with three asterisks for a login or a query, and four with the last four characters for what may be a key.</returns>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string open = Query().Replace(Login().Replace(text, "${scheme}***@"), "?***");
        return Key().Replace(open, static found => found.Value.Any(char.IsAsciiDigit) ? "****" + found.Value[^4..] : found.Value);
    }

    // A password may have slashes and at signs: all before the last at sign is taken for it.
    [GeneratedRegex("^(?<scheme>[a-z][a-z0-9+.-]*://)?.*@", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Login();

    [GeneratedRegex(@"\?.*", RegexOptions.Singleline)]
    private static partial Regex Query();

    // Datadog's keys have 32 and 40 characters, its tokens more; no label of its sites has 20.
    [GeneratedRegex("[A-Za-z0-9_-]{20,}")]
    private static partial Regex Key();
}
