using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmObs;

/// <summary>
/// Text of others (events, file names, the service's words) as it may be shown on a host. A build agent takes lines such as
/// <c>##vso[task.setvariable …]</c> (Azure Pipelines), <c>##[…]</c> and <c>::set-output …</c> (GitHub Actions) for commands,
/// and a terminal obeys control characters. A blank is put into the former, and the latter are made visible.
/// Source: the parsers of both agents, which look for <c>##[</c> anywhere in a line, and compare by culture, so that
/// characters without width do not distinguish <c>::</c> from a lookalike.
/// </summary>
public static partial class HostSafeText
{
    private const char FirstControlPicture = '\u2400';
    private const char DeletePicture = '\u2421';

    /// <summary>Makes text harmless. Line breaks stay; text without anything harmful is returned as it is.</summary>
    /// <returns>The text to be shown; the same for text that was made harmless already.</returns>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        string visible = text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : MakeVisible(text);
        return Commands().Replace(visible, static start => start.Value + " ");
    }

    /// <summary>Makes text harmless for a place that has room for one line, such as a cell of a table.</summary>
    /// <returns>The text to be shown, with marks instead of line breaks.</returns>
    public static string OneLine(string? text) => Of(text).Replace('\n', '\u2424');

    private static string MakeVisible(string text)
    {
        var shown = new StringBuilder(text.Length + 16);
        for (int index = 0; index < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int length);
            bool isBroken = rune == Rune.ReplacementChar && text[index] != '\uFFFD';
            bool isLineBreak = text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n';
            if (!isLineBreak)
            {
                Append(shown, rune, isBroken ? text[index] : null);
            }

            index += length;
        }

        return shown.ToString();
    }

    private static void Append(StringBuilder shown, Rune rune, char? broken)
    {
        int code = broken ?? rune.Value;
        UnicodeCategory category = broken is null ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;
        if (code is '\n' or '\t')
        {
            shown.Append((char)code);
        }
        else if (code < ' ')
        {
            shown.Append((char)(FirstControlPicture + code));
        }
        else if (code == 0x7F)
        {
            shown.Append(DeletePicture);
        }
        else if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)
        {
            shown.Append(CultureInfo.InvariantCulture, $"\\u{code:X4}");
        }
        else
        {
            shown.Append(rune.ToString());
        }
    }

    /// <summary>The first character of what begins a command: a blank after it makes it none. Marks have no width of their own.</summary>
    [GeneratedRegex(@"\#(?=\p{M}*\#\p{M}*(\[|v\p{M}*s\p{M}*o\p{M}*\[))|:(?=\p{M}*:\p{M}*[A-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Commands();
}

/// <summary>
/// A list that shows its items if a table's cell takes it as text. Export-Csv writes only the type of any other list.
/// </summary>
internal sealed class HostSafeList<T>(IList<T> items) : ReadOnlyCollection<T>(items)
{
    public static HostSafeList<T> None { get; } = new([]);

    public static HostSafeList<T> Of(IReadOnlyList<T>? items) => items as HostSafeList<T> ?? (items is null ? None : new([.. items]));

    /// <summary>The items separated by commas, or as a JSON list if that would be ambiguous. Send-LlmObsEvent reads tags in both forms.</summary>
    public override string ToString() =>
        this is IReadOnlyList<string> texts && texts.Any(IsUnclear) ? JsonSerializer.Serialize(texts) : string.Join(", ", this);

    private static bool IsUnclear(string text) =>
        text.AsSpan().IndexOfAny(',', ';') >= 0 || text.StartsWith('[') || text.Length == 0 || text.AsSpan().Trim().Length < text.Length;
}
