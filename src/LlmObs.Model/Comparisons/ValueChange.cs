namespace LlmObs;

/// <summary>One record whose value of a metric differs between two runs.</summary>
public sealed record ValueChange
{
    /// <summary>The record's id, or its input as JSON if the rows were paired by input.</summary>
    public required string Key { get; init; }

    /// <summary>The record's input, any JSON value.</summary>
    public object? Input { get; init; }

    /// <summary>The baseline's value: a number (the mean of repeats; 1 and 0 for true and false), or a category.</summary>
    public required object? Baseline { get; init; }

    /// <summary>The candidate's value, in the same form.</summary>
    public required object? Candidate { get; init; }

    /// <summary>Candidate less baseline; null for categories.</summary>
    public double? Delta { get; init; }

    /// <summary>Whether the change is for the better; null for categories, which have no order.</summary>
    public bool? IsImproved { get; init; }

    /// <summary>What the baseline's task gave, any JSON value; that of its last iteration.</summary>
    public object? BaselineOutput { get; init; }

    /// <summary>What the candidate's task gave, any JSON value; that of its last iteration.</summary>
    public object? CandidateOutput { get; init; }

    /// <summary>What a table's cell shows.</summary>
    /// <returns>The key and both values.</returns>
    public override string ToString() => FormattableString.Invariant($"{Key}: {Baseline} to {Candidate}");
}
