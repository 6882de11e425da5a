using System.Text.RegularExpressions;

namespace LlmObs;

/// <summary>
/// Foreign texts (a service's answer, messages of the system or a library about a request, a setting of the environment) in a form for errors, logs
/// and results: without keys, tokens and passwords. Every such text goes through here, and nothing else removes a
/// key from a text.
/// </summary>
public static partial class MaskedText
{
    private const string Hidden = "***";

    /// <summary>A text that may contain the keys of a call, because a service or a proxy repeats them.</summary>
    /// <param name="secrets">The keys of the call; those that are not given are null.</param>
    /// <returns>The text with three asterisks instead of each of them.</returns>
    public static string Of(string text, params ReadOnlySpan<Secret?> secrets)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (Secret? secret in secrets)
        {
            text = secret?.ReplaceIn(text, Hidden) ?? text;
        }

        return text;
    }

    /// <summary>A text that may contain the login of an address, as .NET repeats that of a proxy.</summary>
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
