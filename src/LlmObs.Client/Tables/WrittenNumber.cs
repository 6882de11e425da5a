using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmObs.Client.Tables;

/// <summary>
/// Numbers as people write them: <c>0,9</c>, <c>1,234.5</c>, <c>85%</c>, <c>$0.002</c>, <c>4/5</c>. The meaning of their signs
/// depends on the culture, so they are parsed only if one was given.
/// </summary>
internal static partial class WrittenNumber
{
    private const int Longest = 40;

    /// <summary>True if a text looks like a number with signs that JSON does not have.</summary>
    public static bool IsDecorated(string text) => text.Length <= Longest && Decorated().IsMatch(text);

    /// <summary>Reads a number of a culture: its marks for decimals, thousands (in groups of three) and currency, and percent as hundredths.</summary>
    public static bool TryRead(string text, CultureInfo culture, out double number)
    {
        NumberFormatInfo format = culture.NumberFormat;
        string digits = text.Trim();
        bool isPercent = digits.EndsWith(format.PercentSymbol, StringComparison.Ordinal) || digits.EndsWith('%');
        if (isPercent)
        {
            digits = digits[..^(digits.EndsWith('%') ? 1 : format.PercentSymbol.Length)].TrimEnd();
        }

        digits = Currency().Replace(digits, string.Empty).Trim();
        int point = digits.IndexOf(format.NumberDecimalSeparator, StringComparison.Ordinal);
        string whole = point < 0 ? digits : digits[..point];
        string rest = point < 0 ? string.Empty : "." + digits[(point + format.NumberDecimalSeparator.Length)..];
        string[] groups = whole.Split(format.NumberGroupSeparator.Length > 0 && !Blank().IsMatch(format.NumberGroupSeparator) ? [format.NumberGroupSeparator] : [" ", "\u00a0", "\u202f"], StringSplitOptions.None);
        number = 0;
        if (groups.Length > 1 && (groups[0].TrimStart('-', '+').Length is 0 or > 3 || groups.Skip(1).Any(group => group.Length != 3)))
        {
            return false; // 0,9 is not 9 in English
        }

        if (!double.TryParse(string.Concat(groups) + rest, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        number = isPercent ? number / 100 : number;
        return double.IsFinite(number);
    }

    [GeneratedRegex(
        @"\A\s*(?:[-+~≈<>]\s*)?(?:\p{Sc}\s*)?[-+]?(?:[0-9]{1,3}(?:[,.'’\u00a0\u202f ][0-9]{3})+(?:[.,][0-9]+)?|[0-9]*[.,]?[0-9]+)(?:[eE][-+]?[0-9]+)?\s*(?:/\s*[0-9]+(?:[.,][0-9]+)?|[%‰٪]|\p{Sc})?\s*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Decorated();

    [GeneratedRegex(@"\p{Sc}", RegexOptions.CultureInvariant)]
    private static partial Regex Currency();

    [GeneratedRegex(@"\A\s+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();
}
