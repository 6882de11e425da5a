using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace LlmObs.Client.Rows;

/// <summary>Parses cells into the values that the API requires, in every culture the same way. A value that does not fit is an error.</summary>
internal static class FieldParser
{
    private const decimal SmallestFractionNs = 1000;

    // Points in time of this century, by the unit that they would have to be counted in.
    private const double SmallestSeconds = 1e8;
    private const double SmallestMilliseconds = 1e11;
    private const double SmallestMicroseconds = 1e14;
    private const double SmallestNanoseconds = 1e17;

    public static string Text(in Cell cell, EventField field)
    {
        if (cell.Kind == CellKind.Utf8 && !Utf8.IsValid(cell.Utf8))
        {
            throw NotUtf8(field);
        }

        return cell.TryGetText(out string text) ? text : throw EventRowException.For(field, $"must be text, not {cell.ToString()}");
    }

    /// <summary>One of a list of words, in any case.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public static string Word(in Cell cell, EventField field, IReadOnlyList<string> words)
    {
        if (cell.Kind is CellKind.Utf8 or CellKind.Json)
        {
            ReadOnlySpan<byte> bare = cell.Kind == CellKind.Json ? cell.Utf8.Trim((byte)'"') : cell.Utf8;
            for (int word = 0; word < words.Count; word++)
            {
                if (Ascii.EqualsIgnoreCase(bare, words[word]))
                {
                    return words[word];
                }
            }
        }

        string text = Text(cell, field).Trim();
        for (int word = 0; word < words.Count; word++)
        {
            if (string.Equals(words[word], text, StringComparison.OrdinalIgnoreCase))
            {
                return words[word];
            }
        }

        throw EventRowException.For(field, $"is {cell.ToString()}; known are {string.Join(", ", words)}");
    }

    /// <summary>Nanoseconds since the Unix epoch, from a number of them, ISO text or a time.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public static long StartNs(in Cell cell)
    {
        if (!IsPlainNumber(cell, out long number) && TryTime(cell, out DateTimeOffset time))
        {
            return Nanoseconds(time - DateTimeOffset.UnixEpoch, cell, EventField.Start);
        }

        number = Whole(cell, EventField.Start, "nanoseconds since 1970, ISO 8601 text, or a DateTime");
        RefuseOtherUnit(number, EventField.Start, "nanoseconds", SmallestNanoseconds);
        return number;
    }

    /// <summary>Milliseconds since the Unix epoch, from a number of them, ISO text or a time.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public static long TimestampMs(in Cell cell)
    {
        if (!IsPlainNumber(cell, out long number) && TryTime(cell, out DateTimeOffset time))
        {
            return time.ToUnixTimeMilliseconds();
        }

        number = Whole(cell, EventField.Timestamp, "milliseconds since 1970, ISO 8601 text, or a DateTime");
        RefuseOtherUnit(number, EventField.Timestamp, "milliseconds", SmallestMilliseconds);
        return number;
    }

    /// <summary>
    /// Nanoseconds, from a number of them or a TimeSpan, also as text (<c>00:00:01.5</c>). A part of a nanosecond, as the service gives
    /// back, is rounded; a fraction below a microsecond is refused, since it is more likely a count of seconds.
    /// </summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public static long DurationNs(in Cell cell)
    {
        if (IsPlainNumber(cell, out long number) && number >= 0)
        {
            return number;
        }

        TimeSpan span = cell.Duration;
        bool isSpan = cell.Kind == CellKind.Duration
            || (cell.Kind is CellKind.Utf8 or CellKind.Text or CellKind.Json && cell.TryGetText(out string text) && text.Contains(':')
                && TimeSpan.TryParseExact(text.Trim(), ["c", "g"], CultureInfo.InvariantCulture, out span));
        long duration = isSpan ? Nanoseconds(span, cell, EventField.Duration)
            : IsFraction(cell, out decimal exact) ? (long)decimal.Round(exact, MidpointRounding.AwayFromZero)
            : Whole(cell, EventField.Duration, "nanoseconds or a TimeSpan");
        return duration >= 0 ? duration : throw EventRowException.For(EventField.Duration, "is negative");
    }

    private static bool IsFraction(in Cell cell, out decimal exact)
    {
        exact = 0;
        return cell.Kind is not (CellKind.Boolean or CellKind.Duration or CellKind.Time)
            && TryGetPrinted(cell, out string text)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out exact)
            && exact is >= SmallestFractionNs and <= long.MaxValue
            && !decimal.IsInteger(exact);
    }

    /// <summary>A finite number.</summary>
    public static double Score(in Cell cell, EventField field)
    {
        double number;
        switch (cell.Kind)
        {
            case CellKind.Integer:
                return cell.Integer;
            case CellKind.Number:
                number = cell.Number;
                break;
            case CellKind.Boolean or CellKind.Time or CellKind.Duration:
                throw NotANumber(cell, field);
            default:
                if (!TryGetPrinted(cell, out string text)
                    || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
                {
                    throw NotANumber(cell, field);
                }

                if (number == 0 && text.Split('e', 'E')[0].AsSpan().IndexOfAnyInRange('1', '9') >= 0)
                {
                    throw EventRowException.For(field, $"is {cell.ToString()}, which is too near to 0 for a number of 64 bits");
                }

                break;
        }

        return double.IsFinite(number) ? number : throw EventRowException.For(field, $"is {cell.ToString()}, {NumberWords.NoNumber}");
    }

    /// <summary>True or false, also as text and as 1 or 0.</summary>
    public static bool Boolean(in Cell cell, EventField field)
    {
        if (cell.Kind == CellKind.Boolean)
        {
            return cell.Boolean;
        }

        return TryGetPrinted(cell, out string text)
            ? text.Trim() switch
            {
                "1" => true,
                "0" => false,
                var word when bool.TryParse(word, out bool flag) => flag,
                _ => throw EventRowException.For(field, $"must be true or false, not {cell.ToString()}"),
            }
            : throw EventRowException.For(field, $"must be true or false, not {cell.ToString()}");
    }

    // 64 bits of nanoseconds reach 292 years far: the empty DateTime (0001-01-01) is not in them.
    private static long Nanoseconds(TimeSpan span, in Cell cell, EventField field) =>
        span.Ticks is >= long.MinValue / TimeSpan.NanosecondsPerTick and <= long.MaxValue / TimeSpan.NanosecondsPerTick
            ? span.Ticks * TimeSpan.NanosecondsPerTick
            : throw EventRowException.For(field, $"is {cell.ToString()}, which is more than 64 bits of nanoseconds hold");

    /// <summary>A whole number that fits 64 bits, exact; a fraction or a thousands separator is an error.</summary>
    private static long Whole(in Cell cell, EventField field, string wanted)
    {
        if (IsPlainNumber(cell, out long plain))
        {
            return plain;
        }

        // 1.5e9 and 1700000000000000000.0 are whole numbers, too.
        return cell.Kind is not (CellKind.Boolean or CellKind.Duration) && TryGetPrinted(cell, out string text) && WholeNumber.TryRead(text, out long number)
            ? number
            : throw EventRowException.For(field, $"must be {wanted}, not {cell.ToString()}");
    }

    /// <summary>True if it is a whole number as most of them are: digits, and maybe a sign.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private static bool IsPlainNumber(in Cell cell, out long number)
    {
        number = cell.Integer;
        return cell.Kind switch
        {
            CellKind.Integer => true,
            CellKind.Utf8 or CellKind.Json => AreDigits(cell.Utf8, out number) || (Utf8Parser.TryParse(cell.Utf8, out number, out int read) && read == cell.Utf8.Length),
            CellKind.Text => long.TryParse(cell.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private static bool AreDigits(ReadOnlySpan<byte> text, out long number)
    {
        const int MostDigits = 19; // of which none overflow 64 bits without a sign
        ulong sum = 0;
        number = 0;
        if (text.Length is 0 or > MostDigits)
        {
            return false;
        }

        foreach (byte one in text)
        {
            uint digit = (uint)one - '0';
            if (digit > 9)
            {
                return false;
            }

            sum = (sum * 10) + digit;
        }

        number = (long)sum;
        return sum <= long.MaxValue;
    }

    private static bool TryTime(in Cell cell, out DateTimeOffset time)
    {
        time = default;
        switch (cell.Kind)
        {
            case CellKind.Time:
                time = cell.Time;
                return true;
            case CellKind.Utf8 or CellKind.Text or CellKind.Json:
                // A time has a dash after its year, or a T; a number has neither (but 1e-5, which is no time either).
                return cell.TryGetText(out string text) && text.AsSpan().IndexOfAny('-', 'T') > 0 && Timestamps.TryParse(text, out time);
            default:
                return false;
        }
    }

    private static void RefuseOtherUnit(long number, EventField field, string wanted, double smallest)
    {
        if (Math.Abs((double)number) >= smallest && Math.Abs((double)number) < smallest * 1000)
        {
            return;
        }

        string? looksLike = Math.Abs((double)number) switch
        {
            >= SmallestNanoseconds => "nanoseconds",
            >= SmallestMicroseconds => "microseconds",
            >= SmallestMilliseconds => "milliseconds",
            >= SmallestSeconds => "seconds",
            _ => null,
        };
        if (looksLike is not null && looksLike != wanted)
        {
            throw EventRowException.For(field, string.Create(
                CultureInfo.InvariantCulture, $"is {number}, which looks like {looksLike} since 1970; {wanted} are needed"));
        }
    }

    // .NET passes over NUL at the end of numbers and words.
    private static bool TryGetPrinted(in Cell cell, out string text) => cell.TryGetText(out text) && !text.Contains('\0', StringComparison.Ordinal);

    private static EventRowException NotANumber(in Cell cell, EventField field) =>
        EventRowException.For(field, $"must be a number with a decimal point, not {cell.ToString()}");

    public static EventRowException Missing(EventField field) => EventRowException.For(field, "is missing");

    public static void RefuseHalfPairs(string text, EventField field)
    {
        if (!SurrogatePairs.AreWhole(text))
        {
            throw EventRowException.For(field, SurrogatePairs.Half);
        }
    }

    /// <summary>The problem of a file in another encoding; only a file's bytes can have it.</summary>
    public const string NotUtf8Reason = "is not UTF-8; give the file's encoding, for example -Encoding windows-1252 for a CSV file from Excel";

    public static EventRowException NotUtf8(EventField field) => EventRowException.For(field, NotUtf8Reason);
}

/// <summary>
/// Reads a whole number of 64 bits from text in any form of a number (<c>1.5e9</c>, <c>1700000000000000000.0</c>) exactly:
/// nothing is rounded on the way, so that <c>1e-30</c> is no whole number and not 0.
/// </summary>
internal static class WholeNumber
{
    private const int MostDigits = 19;

    public static bool TryRead(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        text = text.Trim();
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rough) || !double.IsFinite(rough))
        {
            return false; // from here on it is a sign, digits with a point among them, and an exponent
        }

        int mark = text.IndexOfAny('e', 'E');
        long exponent = 0;
        if (mark >= 0 && !long.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        ReadOnlySpan<char> mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.');
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        string digits = mantissa.ToString().Replace(".", string.Empty, StringComparison.Ordinal).TrimStart('+', '-').TrimStart('0');
        int zeros = digits.Length - digits.TrimEnd('0').Length;
        digits = digits[..^zeros];
        exponent += zeros;
        if (digits.Length == 0)
        {
            return true;
        }

        string sign = text[0] == '-' ? "-" : string.Empty;
        return exponent >= 0 && digits.Length + exponent <= MostDigits
            && long.TryParse(sign + digits + new string('0', (int)exponent), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
