namespace LlmObs.Emulator.Query;

/// <summary>
/// True if a text contains a term: in any case, and as whole words, so that <c>cat</c> is not in "category". A term
/// with wildcards has to match one word of the text.
/// </summary>
/// <param name="word">The term.</param>
internal sealed class TextTest(QueryWord word)
{
    public bool Matches(ReadOnlySpan<char> text) => word.Pattern is { } pattern ? HasWord(text, pattern) : HasPhrase(text);

    private bool HasPhrase(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> sought = word.Text;
        if (sought.IsEmpty)
        {
            return false;
        }

        for (int from = 0; from <= text.Length - sought.Length;)
        {
            int found = text[from..].IndexOf(sought, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                return false;
            }

            int start = from + found;
            int end = start + sought.Length;
            bool begins = start == 0 || !char.IsLetterOrDigit(text[start - 1]) || !char.IsLetterOrDigit(text[start]);
            bool ends = end == text.Length || !char.IsLetterOrDigit(text[end]) || !char.IsLetterOrDigit(text[end - 1]);
            if (begins && ends)
            {
                return true;
            }

            from = start + 1;
        }

        return false;
    }

    private static bool HasWord(ReadOnlySpan<char> text, Glob pattern)
    {
        int start = 0;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                continue;
            }

            ReadOnlySpan<char> candidate = text[start..at];
            if (!candidate.IsEmpty
                && (pattern.Matches(candidate, ignoreCase: true) || pattern.Matches(TrimPunctuation(candidate), ignoreCase: true)))
            {
                return true;
            }

            start = at + 1;
        }

        return false;
    }

    private static ReadOnlySpan<char> TrimPunctuation(ReadOnlySpan<char> text)
    {
        int start = 0, end = text.Length;
        while (start < end && char.IsPunctuation(text[start]))
        {
            start++;
        }

        while (end > start && char.IsPunctuation(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }
}

/// <summary>A condition for one value of a field.</summary>
internal abstract class ValueTest
{
    public abstract bool Matches(in FieldValue value);

    /// <summary>True if there is a value at all.</summary>
    internal sealed class Any : ValueTest
    {
        public override bool Matches(in FieldValue value) => true;
    }
}

/// <summary>Texts are equal by case and letter, numbers by their size.</summary>
/// <param name="text">The text to be equal to.</param>
internal sealed class EqualTest(string text) : ValueTest
{
    private readonly FieldValue? _number = FieldValue.TryNumber(text);

    public override bool Matches(in FieldValue value) =>
        value.IsNumber && _number is { } number
            ? FieldValue.CompareNumbers(in value, in number) == 0
            : string.Equals(value.Text, text, StringComparison.Ordinal);
}

/// <summary>True if a value as a whole matches a pattern, with its case.</summary>
internal sealed class PatternTest(Glob pattern) : ValueTest
{
    public override bool Matches(in FieldValue value) => pattern.Matches(value.Text, ignoreCase: false);
}

/// <summary>
/// True if a value is in a range. An end that is a number is compared with numbers, and with texts that are numbers; any
/// other end with texts, by code unit, which is right for RFC 3339 times.
/// </summary>
/// <param name="low">The lower end; null if it is open.</param>
/// <param name="high">The upper end; null if it is open.</param>
internal sealed class RangeTest(QueryBound? low, QueryBound? high) : ValueTest
{
    private readonly FieldValue? _low = low is null ? null : FieldValue.TryNumber(low.Text);
    private readonly FieldValue? _high = high is null ? null : FieldValue.TryNumber(high.Text);

    public override bool Matches(in FieldValue value) =>
        IsWithin(in value, low, _low, sign: 1) && IsWithin(in value, high, _high, sign: -1);

    private static bool IsWithin(in FieldValue value, QueryBound? bound, FieldValue? number, int sign)
    {
        if (bound is null)
        {
            return true;
        }

        int order;
        if (number is { } limit)
        {
            FieldValue? measured = value.IsNumber ? value : value.Kind == FieldKind.Text ? FieldValue.TryNumber(value.Text) : null;
            if (measured is not { } size)
            {
                return false;
            }

            order = FieldValue.CompareNumbers(in size, in limit);
        }
        else
        {
            order = string.CompareOrdinal(value.Text, bound.Text);
        }

        return order == 0 ? bound.IsInclusive : order * (long)sign > 0;
    }
}
