using System.Buffers;
using System.Text;

namespace LlmObs.Client.Json;

/// <summary>
/// The numbers that JSON has no word for, and that Python and others write all the same: NaN, Infinity and -Infinity. To go
/// through such text with a reader of JSON, each is overwritten with digits, and remembered by its place. The text may come
/// in pieces.
/// </summary>
internal sealed class NumberWords
{
    /// <summary>The reason why such a number can't be sent, as the end of a sentence.</summary>
    public const string NoNumber = "which JSON cannot represent";

    private static readonly (byte[] Word, double Number)[] Known =
        [("-Infinity"u8.ToArray(), double.NegativeInfinity), ("Infinity"u8.ToArray(), double.PositiveInfinity), ("NaN"u8.ToArray(), double.NaN)];

    private static readonly SearchValues<byte> BeforeValues = SearchValues.Create("[:, \t\r\n"u8);
    private static readonly SearchValues<byte> AfterValues = SearchValues.Create("]}, \t\r\n"u8);

    private readonly List<NumberWord> _hidden = [];
    private byte _before = (byte)' ';
    private bool _inString;
    private bool _isEscaped;

    /// <summary>Overwrites the words in a piece of text that begins outside of all words.</summary>
    /// <param name="start">The position of the piece in the whole text.</param>
    /// <param name="isLast">True if nothing follows.</param>
    /// <returns>The length that was checked: the rest may be the beginning of a word.</returns>
    public int Hide(Span<byte> text, long start, bool isLast)
    {
        for (int at = 0; at < text.Length; _before = text[at], at++)
        {
            byte one = text[at];
            if (_isEscaped)
            {
                _isEscaped = false;
            }
            else if (_inString)
            {
                _isEscaped = one == '\\';
                _inString = one != '"';
            }
            else if (one == '"')
            {
                _inString = true;
            }
            else if (one is (byte)'N' or (byte)'I' or (byte)'-' && BeforeValues.Contains(_before))
            {
                (int length, double number) = Find(text[at..]);
                bool isCut = length == 0 ? IsBeginning(text[at..]) : at + length == text.Length;
                if (isCut && !isLast)
                {
                    return at;
                }

                if (length == 0 || (!isCut && !AfterValues.Contains(text[at + length])))
                {
                    continue;
                }

                text.Slice(at, length).Fill((byte)'1');
                _hidden.Add(new NumberWord(start + at, length, number));
                at += length - 1;
            }
        }

        return text.Length;
    }

    /// <summary>Takes the words of a value, and drops the ones before it.</summary>
    /// <param name="start">The position of the value in the whole text.</param>
    /// <returns>The words, by their places in the value.</returns>
    public IReadOnlyList<NumberWord> Take(long start, int length)
    {
        int end = _hidden.FindIndex(word => word.Start >= start + length);
        end = end < 0 ? _hidden.Count : end;
        NumberWord[] taken = [.. _hidden.Take(end).Where(word => word.Start >= start).Select(word => word with { Start = word.Start - start })];
        _hidden.RemoveRange(0, end);
        return taken;
    }

    /// <summary>The text as it was before its words were overwritten.</summary>
    /// <param name="json">The text.</param>
    /// <returns>A copy.</returns>
    public static byte[] Restore(ReadOnlySpan<byte> json, IReadOnlyList<NumberWord> words)
    {
        byte[] text = json.ToArray();
        foreach (NumberWord word in words)
        {
            Encoding.ASCII.GetBytes(word.ToString()).CopyTo(text.AsSpan((int)word.Start));
        }

        return text;
    }

    /// <summary>The first such word of a text; null if there is none.</summary>
    /// <param name="text">The text, whole.</param>
    public static string? FirstIn(ReadOnlySpan<byte> text)
    {
        var words = new NumberWords();
        words.Hide(text.ToArray(), start: 0, isLast: true);
        return words._hidden.Count == 0 ? null : words._hidden[0].ToString();
    }

    private static bool IsBeginning(ReadOnlySpan<byte> text)
    {
        foreach ((byte[] word, _) in Known)
        {
            if (word.Length > text.Length && word.AsSpan().StartsWith(text))
            {
                return true;
            }
        }

        return false;
    }

    private static (int Length, double Number) Find(ReadOnlySpan<byte> text)
    {
        foreach ((byte[] word, double number) in Known)
        {
            if (text.StartsWith(word))
            {
                return (word.Length, number);
            }
        }

        return default;
    }
}

/// <summary>A number that JSON has no word for, with its position in the text.</summary>
/// <param name="Start">Its place.</param>
/// <param name="Number">Its value.</param>
internal readonly record struct NumberWord(long Start, int Length, double Number)
{
    /// <summary>The word.</summary>
    /// <returns>NaN, Infinity or -Infinity.</returns>
    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
