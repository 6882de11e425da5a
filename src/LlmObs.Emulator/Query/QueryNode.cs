namespace LlmObs.Emulator.Query;

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
/// <param name="IsInclusive">Whether the value itself is in the range.</param>
internal sealed record QueryBound(string Text, bool IsInclusive);

/// <summary>What stands before the colon.</summary>
/// <param name="Name">The name without <c>@</c>.</param>
/// <param name="IsAttribute">Whether it was written with <c>@</c>; else it is a field of the API or a tag.</param>
internal sealed record QueryField(string Name, bool IsAttribute);

/// <summary>A word or quoted phrase of a query.</summary>
/// <param name="Text">The text, escapes resolved.</param>
/// <param name="Pattern">The pattern, where it has wildcards that are neither quoted nor escaped.</param>
internal sealed record QueryWord(string Text, Glob? Pattern = null);
