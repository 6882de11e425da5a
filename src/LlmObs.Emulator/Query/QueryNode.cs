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
