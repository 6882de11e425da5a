using System.Buffers.Text;
using System.Globalization;

namespace LlmObs.Client.Rows;

/// <summary>Looks at the escapes of JSON text that is passed on as it is.</summary>
internal static class JsonEscapes
{
    private const int Length = 6; // \uXXXX

    /// <summary>
    /// Refuses an escape that is half of a surrogate pair. It is JSON by its grammar, yet no text: services refuse the whole
    /// request for it.
    /// </summary>
    /// <param name="json">JSON text.</param>
    /// <param name="fieldName">The field that the text is of; empty for a whole row.</param>
    /// <exception cref="EventRowException">There is one; the message gives its position.</exception>
    public static void RefuseHalfPairs(ReadOnlySpan<byte> json, string fieldName)
    {
        int at = FindHalfPair(json);
        if (at >= 0)
        {
            throw new EventRowException(fieldName, string.Create(
                CultureInfo.InvariantCulture,
                $"{(fieldName.Length == 0 ? "it " : string.Empty)}{SurrogatePairs.Half} (byte {at + 1})"));
        }
    }

    private static int FindHalfPair(ReadOnlySpan<byte> json)
    {
        for (int at = 0; ;)
        {
            int next = json[at..].IndexOf((byte)'\\');
            if (next < 0 || at + next + 1 >= json.Length)
            {
                return -1;
            }

            at += next;
            int code = CodeAt(json, at);
            if (char.IsLowSurrogate((char)code) || (char.IsHighSurrogate((char)code) && !char.IsLowSurrogate((char)CodeAt(json, at + Length))))
            {
                return at;
            }

            at += char.IsHighSurrogate((char)code) ? 2 * Length : code == 0 ? 2 : Length;
        }
    }

    /// <summary>The character of an escape at a position; 0 if there is none, or if it is NUL.</summary>
    private static int CodeAt(ReadOnlySpan<byte> json, int at) =>
        at + Length <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
            && Utf8Parser.TryParse(json.Slice(at + 2, Length - 2), out ushort code, out int used, 'x') && used == Length - 2
                ? code
                : 0;
}
