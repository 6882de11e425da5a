using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmObs.Client.Json;

/// <summary>
/// Finds the ends of JSON values, and accepts only JSON by RFC 8259: the text goes into requests unchanged. It answers
/// yes or no; the reason why a text is not JSON comes from <see cref="System.Text.Json.Utf8JsonReader"/>, which agrees with it on every text.
/// </summary>
internal static class JsonValidator
{
    /// <summary>The result of every method if the text is not JSON.</summary>
    public const int NotFound = -1;

    /// <summary>The end of a value.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="at">The value's first byte.</param>
    /// <param name="depth">The number of objects and lists around it.</param>
    /// <returns>The position after it, or <see cref="NotFound"/>.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    public static int Value(ReadOnlySpan<byte> text, int at, int depth)
    {
        if (at >= text.Length)
        {
            return NotFound;
        }

        return text[at] switch
        {
            (byte)'"' => String(text, at),
            (byte)'{' => Members(text, at, depth),
            (byte)'[' => Items(text, at, depth),
            (byte)'t' => Word(text, at, "true"u8),
            (byte)'f' => Word(text, at, "false"u8),
            (byte)'n' => Word(text, at, "null"u8),
            _ => Number(text, at),
        };
    }

    /// <summary>The end of a string.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="at">Its opening quote.</param>
    /// <returns>The position after its closing quote, or <see cref="NotFound"/>.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    public static int String(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length || text[at] != '"')
        {
            return NotFound;
        }

        at++;
        while (true)
        {
            while (at + Vector128<byte>.Count <= text.Length)
            {
                Vector128<byte> block = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
                uint special = (Vector128.LessThan(block, Vector128.Create((byte)' '))
                    | Vector128.Equals(block, Vector128.Create((byte)'"')) | Vector128.Equals(block, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();
                if (special != 0)
                {
                    at += BitOperations.TrailingZeroCount(special);
                    break;
                }

                at += Vector128<byte>.Count;
            }

            while (at < text.Length && text[at] is >= (byte)' ' and not (byte)'"' and not (byte)'\\')
            {
                at++;
            }

            if (at >= text.Length || text[at] < ' ')
            {
                return NotFound;
            }

            if (text[at] == '"')
            {
                return at + 1;
            }

            at = Escape(text, at);
            if (at == NotFound)
            {
                return NotFound;
            }
        }
    }

    /// <summary>The first place that is no blank.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="at">The position to start from.</param>
    /// <returns>The place; the text's length if only blanks follow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Blanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>True if a byte is at a position.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="at">The position; it may be beyond the text.</param>
    /// <param name="wanted">The byte.</param>
    /// <returns>True if it is there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> text, int at, char wanted) => at < text.Length && text[at] == wanted;

    [MethodImpl(HotPath.FullyOptimized)]
    private static int Members(ReadOnlySpan<byte> text, int at, int depth)
    {
        if (depth >= HostObjectJson.MaxDepth)
        {
            return NotFound;
        }

        at = Blanks(text, at + 1);
        if (Is(text, at, '}'))
        {
            return at + 1;
        }

        while (true)
        {
            at = String(text, at);
            if (at == NotFound || !Is(text, at = Blanks(text, at), ':'))
            {
                return NotFound;
            }

            at = Value(text, Blanks(text, at + 1), depth + 1);
            if (at == NotFound)
            {
                return NotFound;
            }

            at = Blanks(text, at);
            if (!Is(text, at, ','))
            {
                return Is(text, at, '}') ? at + 1 : NotFound;
            }

            at = Blanks(text, at + 1);
        }
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private static int Items(ReadOnlySpan<byte> text, int at, int depth)
    {
        if (depth >= HostObjectJson.MaxDepth)
        {
            return NotFound;
        }

        at = Blanks(text, at + 1);
        if (Is(text, at, ']'))
        {
            return at + 1;
        }

        while (true)
        {
            at = Value(text, at, depth + 1);
            if (at == NotFound)
            {
                return NotFound;
            }

            at = Blanks(text, at);
            if (!Is(text, at, ','))
            {
                return Is(text, at, ']') ? at + 1 : NotFound;
            }

            at = Blanks(text, at + 1);
        }
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private static int Escape(ReadOnlySpan<byte> text, int at)
    {
        if (at + 1 >= text.Length)
        {
            return NotFound;
        }

        if (text[at + 1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return at + 2;
        }

        return text[at + 1] == 'u' && at + 6 <= text.Length && IsHex(text[at + 2]) && IsHex(text[at + 3]) && IsHex(text[at + 4]) && IsHex(text[at + 5])
            ? at + 6
            : NotFound;
    }

    private static bool IsHex(byte one) => char.IsAsciiHexDigit((char)one);

    private static int Word(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> word) => text[at..].StartsWith(word) ? at + word.Length : NotFound;

    [MethodImpl(HotPath.FullyOptimized)]
    private static int Number(ReadOnlySpan<byte> text, int at)
    {
        at = Is(text, at, '-') ? at + 1 : at;
        int first = at;
        at = Digits(text, at);
        if (at == first || (text[first] == '0' && at > first + 1))
        {
            return NotFound;
        }

        if (Is(text, at, '.'))
        {
            int fraction = at + 1;
            at = Digits(text, fraction);
            if (at == fraction)
            {
                return NotFound;
            }
        }

        if (Is(text, at, 'e') || Is(text, at, 'E'))
        {
            int exponent = at + 1;
            exponent = Is(text, exponent, '+') || Is(text, exponent, '-') ? exponent + 1 : exponent;
            at = Digits(text, exponent);
            if (at == exponent)
            {
                return NotFound;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at;
    }
}
