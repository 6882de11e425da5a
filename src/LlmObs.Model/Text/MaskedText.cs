using System.Text.RegularExpressions;

namespace LlmObs;

/// <summary>
/// Texts of others (a service's answer, what the system or a library said of a request, a setting of the environment) as errors, logs
/// and results may show them: without keys, tokens and passwords. Every such text goes through here, and nothing else takes a
/// key out of a text.
/// </summary>
public static partial class MaskedText
{
    private const string Hidden = "***";

    /// <summary>A text in which the keys of a call may stand, because a service or a proxy repeats them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secrets">The keys of the call; those that are not given are null.</param>
    /// <returns>The text with three asterisks wherever one of them stood.</returns>
    public static string Of(string text, params ReadOnlySpan<Secret?> secrets)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (Secret? secret in secrets)
        {
            text = secret?.ReplaceIn(text, Hidden) ?? text;
        }

        return text;
    }

    /// <summary>A text in which the login of an address may stand, as .NET repeats that of a proxy.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <returns>The text with three asterisks for the login.</returns>
    public static string OfAddress(string text, Uri? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        return address?.UserInfo is { Length: > 0 } login ? text.Replace(login + "@", Hidden + "@", StringComparison.Ordinal) : text;
    }

    /// <summary>
    /// A setting of the environment or of the command line. People put keys into the wrong variable, and passwords into addresses;
    /// what looks like either is masked, and the rest stays readable.
    /// </summary>
    /// <param name="text">The setting, as it was given.</param>
    /// <returns>The text with three asterisks for a login or a query, and four with the last four characters for what may be a key.</returns>
    public static string OfSetting(string text)
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
