using System.Globalization;
using System.Text;

namespace LlmObs.Emulator.Query;

/// <summary>
/// Splits a query from left to right. The meaning of a character depends on its position (<c>-</c> negates a term but
/// begins a negative value), so the parser asks for the next kind of token instead of getting a list of tokens.
/// </summary>
internal sealed class QueryLexer(string query)
{
    private const int ExcerptLength = 30;
    private const string Brackets = "()[]{}\"";

    /// <summary>The index of the next character.</summary>
    public int Position { get; private set; }

    public bool IsAtEnd => Position >= query.Length;

    /// <summary>The next character; NUL at the end.</summary>
    public char Next => IsAtEnd ? '\0' : query[Position];

    /// <summary>The character after the next one; NUL at the end.</summary>
    public char Following => Position + 1 < query.Length ? query[Position + 1] : '\0';

    public void SkipSpaces()
    {
        while (!IsAtEnd && char.IsWhiteSpace(Next))
        {
            Position++;
        }
    }

    public bool TryTake(char character)
    {
        if (IsAtEnd || Next != character)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>True if an operator such as <c>AND</c> is next. Operators are upper-case words.</summary>
    public bool IsKeyword(string keyword)
    {
        if (string.CompareOrdinal(query, Position, keyword, 0, keyword.Length) != 0)
        {
            return false;
        }

        int end = Position + keyword.Length;
        return end >= query.Length || char.IsWhiteSpace(query[end]) || Brackets.Contains(query[end], StringComparison.Ordinal);
    }

    public bool TryTakeKeyword(string keyword)
    {
        if (!IsKeyword(keyword))
        {
            return false;
        }

        Position += keyword.Length;
        return true;
    }

    /// <summary>Reads a quoted phrase; every character in it but <c>\</c> is literal.</summary>
    public QueryWord ReadPhrase()
    {
        int start = Position++;
        var text = new StringBuilder();
        while (!IsAtEnd)
        {
            char character = query[Position++];
            if (character == '"')
            {
                return new QueryWord(text.ToString());
            }

            text.Append(character == '\\' ? ReadEscaped() : character);
        }

        throw Fail("a closing '\"' for the one that opens here", start);
    }

    /// <summary>Reads an unquoted word.</summary>
    /// <param name="mayHoldColon">True if a colon is part of it, as in a value; false if it ends the word, as after a field.</param>
    /// <param name="expected">The expected token, for the message if there is no word.</param>
    public QueryWord ReadWord(bool mayHoldColon, string expected)
    {
        int start = Position;
        var text = new StringBuilder();
        var parts = new List<int>();
        bool isPattern = false;
        while (!IsAtEnd && !EndsWord(Next, mayHoldColon))
        {
            char character = query[Position++];
            int part = character switch
            {
                '*' => Glob.AnyRun,
                '?' => Glob.AnyOne,
                '\\' => ReadEscaped(),
                _ => character,
            };
            isPattern |= part < 0;
            parts.Add(part);
            text.Append(part < 0 ? character : (char)part);
        }

        if (parts.Count == 0)
        {
            throw Fail(expected, start);
        }

        return new QueryWord(text.ToString(), isPattern ? new Glob(parts) : null);
    }

    /// <summary>The error of a query that is something else than expected.</summary>
    /// <param name="expected">The expected token.</param>
    /// <param name="position">The index at which it was.</param>
    public QuerySyntaxException Fail(string expected, int position)
    {
        int start = Math.Max(0, position - ExcerptLength);
        int end = Math.Min(query.Length, position + ExcerptLength);
        string before = (start > 0 ? "…" : string.Empty) + query[start..position];
        string after = query[position..end] + (end < query.Length ? "…" : string.Empty);
        return new QuerySyntaxException(string.Create(
            CultureInfo.InvariantCulture,
            $"The query does not parse: expected {expected} at character {position + 1}: {before}<here>{after}"));
    }

    public QuerySyntaxException Fail(string expected) => Fail(expected, Position);

    private char ReadEscaped() => IsAtEnd ? throw Fail("a character after '\\'") : query[Position++];

    private static bool EndsWord(char character, bool mayHoldColon) =>
        char.IsWhiteSpace(character)
        || Brackets.Contains(character, StringComparison.Ordinal)
        || (character == ':' && !mayHoldColon);
}
