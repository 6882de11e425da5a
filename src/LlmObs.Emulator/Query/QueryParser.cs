using System.Globalization;

namespace LlmObs.Emulator.Query;

/// <summary>
/// Parses Datadog's search syntax. <c>NOT</c> binds closest, then <c>AND</c> (also implied between two adjacent
/// parts), then <c>OR</c>.
/// </summary>
internal sealed class QueryParser
{
    /// <summary>The deepest nesting of parentheses.</summary>
    public const int MaxDepth = 100;

    /// <summary>The most terms of a query.</summary>
    public const int MaxTerms = 1000;

    private const string Term = "a term, a field or '('";
    private const string Value = "a value";

    private readonly QueryLexer _lexer;
    private int _depth;
    private int _terms;

    private QueryParser(string query)
    {
        _lexer = new QueryLexer(query);
    }

    /// <summary>Parses a query.</summary>
    /// <param name="node">Its tree; null if it does not parse.</param>
    /// <returns>The expected token and its position, for the caller; null if it parses.</returns>
    public static string? Parse(string query, out QueryNode? node)
    {
        try
        {
            node = new QueryParser(query).ParseQuery();
            return null;
        }
        catch (QuerySyntaxException failure)
        {
            node = null;
            return failure.Message;
        }
    }

    private QueryNode ParseQuery()
    {
        _lexer.SkipSpaces();
        if (_lexer.IsAtEnd)
        {
            return new QueryNode.All();
        }

        QueryNode node = ParseOr(null);
        _lexer.SkipSpaces();
        return _lexer.IsAtEnd ? node : throw _lexer.Fail("the end of the query");
    }

    private QueryNode ParseOr(QueryField? field)
    {
        var parts = new List<QueryNode> { ParseAnd(field) };
        while (TakeKeyword("OR"))
        {
            parts.Add(ParseAnd(field));
        }

        return parts.Count == 1 ? parts[0] : new QueryNode.Or(parts);
    }

    private QueryNode ParseAnd(QueryField? field)
    {
        var parts = new List<QueryNode> { ParseNot(field) };
        while (TakeKeyword("AND") || IsAtPart())
        {
            parts.Add(ParseNot(field));
        }

        return parts.Count == 1 ? parts[0] : new QueryNode.And(parts);
    }

    private QueryNode ParseNot(QueryField? field)
    {
        bool negated = false;
        while (TakeNegation(field))
        {
            negated = !negated;
        }

        QueryNode part = ParsePart(field);
        return negated ? new QueryNode.Not(part) : part;
    }

    private QueryNode ParsePart(QueryField? field)
    {
        _lexer.SkipSpaces();
        if (_lexer.Next == '(' && !_lexer.IsAtEnd)
        {
            return ParseGroup(field);
        }

        if (++_terms > MaxTerms)
        {
            throw _lexer.Fail(string.Create(CultureInfo.InvariantCulture, $"no more than {MaxTerms} terms"));
        }

        return field is null ? ParseTerm() : ParseValue(field);
    }

    private QueryNode ParseGroup(QueryField? field)
    {
        int start = _lexer.Position;
        if (++_depth > MaxDepth)
        {
            throw _lexer.Fail(string.Create(CultureInfo.InvariantCulture, $"no more than {MaxDepth} parentheses in each other"));
        }

        _lexer.TryTake('(');
        QueryNode node = ParseOr(field);
        _lexer.SkipSpaces();
        if (!_lexer.TryTake(')'))
        {
            throw _lexer.IsAtEnd ? _lexer.Fail("a ')' for the '(' that opens here", start) : _lexer.Fail("')'");
        }

        _depth--;
        return node;
    }

    private QueryNode ParseTerm()
    {
        RefuseKeyword(Term);
        if (_lexer.Next == '"')
        {
            return new QueryNode.Term(_lexer.ReadPhrase());
        }

        int start = _lexer.Position;
        QueryWord word = _lexer.ReadWord(mayHoldColon: false, Term);
        bool isAttribute = word.Text.StartsWith('@');
        if (!_lexer.TryTake(':'))
        {
            if (isAttribute)
            {
                throw _lexer.Fail("':' and a value after the field");
            }

            return word.Pattern is { IsAnything: true } ? new QueryNode.All() : new QueryNode.Term(word);
        }

        string name = isAttribute ? word.Text[1..] : word.Text;
        if (name.Length == 0 || word.Pattern is not null)
        {
            throw _lexer.Fail("a field name without wildcards", start);
        }

        var field = new QueryField(name, isAttribute);
        return !_lexer.IsAtEnd && _lexer.Next == '(' ? ParseGroup(field) : ParseValue(field);
    }

    private QueryNode ParseValue(QueryField field)
    {
        RefuseKeyword(Value);
        switch (_lexer.Next)
        {
            case '"':
                return new QueryNode.Value(field, _lexer.ReadPhrase());
            case '[' or '{':
                return ParseRange(field);
            case '>':
                _lexer.TryTake('>');
                return new QueryNode.Range(field, ParseLimit(_lexer.TryTake('=')), null);
            case '<':
                _lexer.TryTake('<');
                return new QueryNode.Range(field, null, ParseLimit(_lexer.TryTake('=')));
            default:
                QueryWord word = _lexer.ReadWord(mayHoldColon: true, Value);
                return word.Pattern is { IsAnything: true } ? new QueryNode.Exists(field) : new QueryNode.Value(field, word);
        }
    }

    private QueryNode.Range ParseRange(QueryField field)
    {
        bool lowIn = _lexer.TryTake('[');
        if (!lowIn)
        {
            _lexer.TryTake('{');
        }

        QueryWord? low = ParseEnd("the lower end of the range, or '*'");
        _lexer.SkipSpaces();
        if (!_lexer.TryTakeKeyword("TO"))
        {
            throw _lexer.Fail("'TO'");
        }

        QueryWord? high = ParseEnd("the upper end of the range, or '*'");
        _lexer.SkipSpaces();
        bool highIn = _lexer.TryTake(']');
        if (!highIn && !_lexer.TryTake('}'))
        {
            throw _lexer.Fail("']' or '}' at the end of the range");
        }

        return new QueryNode.Range(
            field,
            low is null ? null : new QueryBound(low.Text, lowIn),
            high is null ? null : new QueryBound(high.Text, highIn));
    }

    /// <summary>An end of a range; null for an open one.</summary>
    private QueryWord? ParseEnd(string expected)
    {
        _lexer.SkipSpaces();
        int start = _lexer.Position;
        if (_lexer.IsKeyword("TO"))
        {
            throw _lexer.Fail(expected);
        }

        QueryWord word = !_lexer.IsAtEnd && _lexer.Next == '"'
            ? _lexer.ReadPhrase()
            : _lexer.ReadWord(mayHoldColon: true, expected);
        if (word.Pattern is null)
        {
            return word;
        }

        return word.Pattern.IsAnything ? null : throw _lexer.Fail(expected, start);
    }

    private QueryBound ParseLimit(bool isInclusive)
    {
        int start = _lexer.Position;
        const string Expected = "a number or a text to compare with";
        QueryWord word = !_lexer.IsAtEnd && _lexer.Next == '"'
            ? _lexer.ReadPhrase()
            : _lexer.ReadWord(mayHoldColon: true, Expected);
        return word.Pattern is null ? new QueryBound(word.Text, isInclusive) : throw _lexer.Fail(Expected, start);
    }

    private bool TakeKeyword(string keyword)
    {
        _lexer.SkipSpaces();
        return _lexer.TryTakeKeyword(keyword);
    }

    private bool TakeNegation(QueryField? field)
    {
        _lexer.SkipSpaces();
        bool isNegativeNumber = field is not null && _lexer.Next == '-' && (char.IsAsciiDigit(_lexer.Following) || _lexer.Following == '.');
        return !isNegativeNumber && (_lexer.TryTake('-') || _lexer.TryTake('!') || _lexer.TryTakeKeyword("NOT"));
    }

    /// <summary>True if another part follows without an operator.</summary>
    private bool IsAtPart()
    {
        _lexer.SkipSpaces();
        return !_lexer.IsAtEnd && _lexer.Next is not (')' or ']' or '}') && !_lexer.IsKeyword("OR");
    }

    private void RefuseKeyword(string expected)
    {
        if (_lexer.IsKeyword("AND") || _lexer.IsKeyword("OR") || _lexer.IsKeyword("NOT"))
        {
            throw _lexer.Fail(expected);
        }
    }
}

/// <summary>A query that does not parse; caught by the parser's caller.</summary>
internal sealed class QuerySyntaxException(string message) : Exception(message);

/// <summary>A part of a query. How deep parts lie in each other is limited by the parser.</summary>
internal abstract record QueryNode
{
    /// <summary>Everything: the empty query and <c>*</c>.</summary>
    internal sealed record All : QueryNode;

    /// <summary>Full text.</summary>
    internal sealed record Term(QueryWord Word) : QueryNode;

    /// <summary><c>field:value</c>.</summary>
    internal sealed record Value(QueryField Field, QueryWord Word) : QueryNode;

    /// <summary><c>field:*</c>.</summary>
    internal sealed record Exists(QueryField Field) : QueryNode;

    /// <summary><c>field:[low TO high]</c> and <c>field:&gt;low</c>; a missing bound is open.</summary>
    internal sealed record Range(QueryField Field, QueryBound? Low, QueryBound? High) : QueryNode;

    /// <summary><c>NOT part</c>.</summary>
    internal sealed record Not(QueryNode Part) : QueryNode;

    /// <summary><c>part part</c> and <c>part AND part</c>.</summary>
    internal sealed record And(IReadOnlyList<QueryNode> Parts) : QueryNode;

    /// <summary><c>part OR part</c>.</summary>
    internal sealed record Or(IReadOnlyList<QueryNode> Parts) : QueryNode;
}

/// <summary>One end of a range.</summary>
/// <param name="Text">The value, a number or a text.</param>
/// <param name="IsInclusive">True if the value itself is in the range.</param>
internal sealed record QueryBound(string Text, bool IsInclusive);

/// <summary>The part before the colon.</summary>
/// <param name="Name">The name without <c>@</c>.</param>
/// <param name="IsAttribute">True if it was written with <c>@</c>; otherwise it is a field of the API or a tag.</param>
internal sealed record QueryField(string Name, bool IsAttribute);

/// <summary>A word or quoted phrase of a query.</summary>
/// <param name="Text">The text, escapes resolved.</param>
/// <param name="Pattern">The pattern, if it has wildcards that are neither quoted nor escaped.</param>
internal sealed record QueryWord(string Text, Glob? Pattern = null);
