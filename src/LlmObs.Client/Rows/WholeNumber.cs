using System.Globalization;

namespace LlmObs.Client.Rows;

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
