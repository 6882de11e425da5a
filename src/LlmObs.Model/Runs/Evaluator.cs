namespace LlmObs;

/// <summary>Something that judges a row, or all rows of an iteration. New-LlmObsEvaluator makes it.</summary>
public sealed class Evaluator
{
    /// <summary>Makes an evaluator.</summary>
    /// <param name="name">The label of its metric.</param>
    /// <param name="kind">What it is: the name of an included evaluator, or <c>Script</c>.</param>
    /// <param name="body">The script block, or the included evaluator itself.</param>
    /// <param name="isSummary">Whether it sees all rows of an iteration instead of one.</param>
    /// <param name="script">A script block that the included evaluator asks; null if it asks none.</param>
    public Evaluator(string name, string kind, object body, bool isSummary = false, object? script = null)
    {
        Script = script;
        Name = name;
        Kind = kind;
        Body = body;
        IsSummary = isSummary;
    }

    /// <summary>The label of its metric.</summary>
    public string Name { get; }

    /// <summary>What it is: the name of an included evaluator, or <c>Script</c>.</summary>
    public string Kind { get; }

    /// <summary>The script block, or the included evaluator itself.</summary>
    public object Body { get; }

    /// <summary>Whether it sees all rows of an iteration instead of one.</summary>
    public bool IsSummary { get; }

    /// <summary>A script block that the included evaluator asks; null if it asks none.</summary>
    public object? Script { get; }

    /// <summary>Its name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
