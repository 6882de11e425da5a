namespace LlmObs;

/// <summary>How many rows of a table had a value for a metric.</summary>
public sealed record LabelCount
{
    /// <summary>The metric's label.</summary>
    public required string Label { get; init; }

    /// <summary>Rows with a value, sent or not.</summary>
    public long ValueCount { get; init; }

    /// <summary>Rows without one: blank, a text that stands for "no value", or no such column.</summary>
    public long MissingCount { get; init; }

    /// <summary>The label with both counts.</summary>
    /// <returns>For example <c>faithfulness: 38 of 40</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"{Label}: {ValueCount} of {ValueCount + MissingCount}");
}
