using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmObs.Client.Tables;

/// <summary>
/// What spreadsheets write in the language of their user: true and false, the error for "no value", and times. The meaning depends on the
/// culture, so it is looked for only if one was given.
/// </summary>
internal static partial class WrittenWords
{
    // By language, as Excel and LibreOffice write them. .NET has no such words.
    private static readonly Dictionary<string, (string True, string False, string? NotAvailable)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cs"] = ("PRAVDA", "NEPRAVDA", null),
        ["da"] = ("SAND", "FALSK", "#I/T"),
        ["de"] = ("WAHR", "FALSCH", "#NV"),
        ["es"] = ("VERDADERO", "FALSO", "#N/D"),
        ["fi"] = ("TOSI", "EPÄTOSI", null),
        ["fr"] = ("VRAI", "FAUX", null),
        ["hu"] = ("IGAZ", "HAMIS", null),
        ["it"] = ("VERO", "FALSO", "#N/D"),
        ["nb"] = ("SANN", "USANN", "#I/T"),
        ["nl"] = ("WAAR", "ONWAAR", "#N/B"),
        ["pl"] = ("PRAWDA", "FAŁSZ", "#N/D!"),
        ["pt"] = ("VERDADEIRO", "FALSO", "#N/D"),
        ["ru"] = ("ИСТИНА", "ЛОЖЬ", "#Н/Д"),
        ["sv"] = ("SANT", "FALSKT", null),
        ["tr"] = ("DOĞRU", "YANLIŞ", "#YOK"),
    };

    /// <summary>Reads true or false.</summary>
    public static bool TryReadBoolean(string text, CultureInfo culture, out bool value)
    {
        string word = text.Trim();
        (string True, string False, string? NotAvailable) words = Known.GetValueOrDefault(culture.TwoLetterISOLanguageName);
        value = Is(word, words.True, culture);
        return value || Is(word, words.False, culture);
    }

    /// <summary>The culture's error for "no value" beside the words of every culture.</summary>
    public static IReadOnlyList<string> MissingIn(CultureInfo? culture) =>
        culture is not null && Known.GetValueOrDefault(culture.TwoLetterISOLanguageName).NotAvailable is string word ? [word] : [];

    /// <summary>Reads a day with its year, alone or with a time: UTC if it names no zone, as all times here.</summary>
    public static bool TryReadTime(string text, CultureInfo culture, out DateTimeOffset time)
    {
        time = default;
        return Day().IsMatch(text) && DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out time);
    }

    // The case of a letter depends on the culture, too: i and İ.
    private static bool Is(string text, string? word, CultureInfo culture) => word is not null && culture.CompareInfo.Compare(text, word, CompareOptions.IgnoreCase) == 0;

    // Not the number 1234.5, and not ISO 8601, which is read in every culture.
    [GeneratedRegex(@"\A\s*[0-9]{1,2}\s?[-./]\s?[0-9]{1,2}\s?[-./]\s?[0-9]{4}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Day();
}
