using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Reports;

/// <summary>The form of figures and of foreign texts in a report.</summary>
internal static class ReportText
{
    private static readonly JsonSerializerOptions Indented = new(ResultJson.Options) { WriteIndented = true };

    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-3 => Invariant($"{seconds * 1e6:0} µs"),
        < 1 => Invariant($"{seconds * 1e3:0} ms"),
        < 100 => Invariant($"{seconds:0.0} s"),
        < 7200 => Invariant($"{seconds / 60:0.0} min"),
        _ => Invariant($"{seconds / 3600:0.0} h"),
    };

    public static string Count(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? string.Empty;

    public static string Dollars(decimal? cost) => cost is decimal given ? "$" + given.ToString(given < 1 ? "0.00##" : "N2", CultureInfo.InvariantCulture) : string.Empty;

    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? string.Empty;

    public static string Percent(int part, int whole) => whole == 0 ? string.Empty : Invariant($"{100.0 * part / whole:0.#}%");

    /// <summary>Text in which marks that turn the direction of writing, or can't be seen, are named: they would make it look like another.</summary>
    public static string Visible(string? text)
    {
        if (text is null || !text.Any(IsHidden))
        {
            return text ?? string.Empty;
        }

        StringBuilder shown = new(text.Length + 16);
        foreach (char c in text)
        {
            _ = IsHidden(c) ? shown.Append(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]") : shown.Append(c);
        }

        return shown.ToString();
    }

    /// <summary>A JSON value as a person reads it: text without quotes, anything else indented.</summary>
    public static string Value(RawJson value)
    {
        if (value.IsMissing)
        {
            return string.Empty;
        }

        JsonElement read = value.Read();
        return read.ValueKind == JsonValueKind.String ? read.GetString()! : JsonSerializer.Serialize(read, Indented);
    }

    /// <summary>The beginning of a JSON value in one line.</summary>
    public static string Line(RawJson value, int longest)
    {
        if (value.IsMissing)
        {
            return string.Empty;
        }

        JsonElement read = value.Read();
        string text = read.ValueKind == JsonValueKind.String ? read.GetString()! : value.ToString();
        string beginning = text[..Math.Min(text.Length, 4 * longest)]; // of what may be long, and has blanks that go
        return Short(string.Join(' ', beginning.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), longest);
    }

    /// <summary>Text of at most so many characters; what is cut off shows as an ellipsis.</summary>
    public static string Short(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1)] + "…";

    /// <summary>An evaluation's value in one line.</summary>
    public static string Value(ResultEvaluation evaluation) =>
        evaluation.Value.IsMissing ? evaluation.Assessment ?? string.Empty : evaluation.Category ?? evaluation.Value.ToString();

    private static bool IsHidden(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t')) || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
