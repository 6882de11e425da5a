namespace LlmObs.Emulator.Query;

/// <summary>
/// Whether a text holds a term: whatever the case, and as whole words, so that <c>cat</c> is not in "category". A term
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
