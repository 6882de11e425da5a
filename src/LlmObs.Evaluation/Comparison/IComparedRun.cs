namespace LlmObs.Evaluation.Comparison;

/// <summary>A run to compare, wherever its rows are: at hand, in a result file, or read back. Can be read more than once.</summary>
public interface IComparedRun
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>The dataset it was run on, if known.</summary>
    string? DatasetId { get; }

    /// <summary>That dataset's version, if known.</summary>
    long? DatasetVersion { get; }

    /// <summary>The rows, in any order. If a record's iteration comes twice, the later row replaces the earlier one.</summary>
    /// <param name="withInputs">True if rows with a record id need <see cref="ComparedRow.InputKey"/>, too.</param>
    /// <returns>One row per record and iteration.</returns>
    IEnumerable<ComparedRow> ReadRows(bool withInputs);

    /// <summary>The part of a row that a change shows.</summary>
    /// <param name="position">The row's <see cref="ComparedRow.Position"/>.</param>
    /// <returns>Its input and output, any JSON values.</returns>
    (object? Input, object? Output) ReadContent(long position);
}

/// <summary>The part of a row that a comparison needs.</summary>
public sealed record ComparedRow
{
    /// <summary>The row's position, for <see cref="IComparedRun.ReadContent"/>.</summary>
    public required long Position { get; init; }

    /// <summary>The dataset record's id; <c>null</c> if the row has none and is paired by its input.</summary>
    public string? RecordId { get; init; }

    /// <summary>The input as canonical JSON or a digest of it: equal for equal values.</summary>
    public string? InputKey { get; init; }

    /// <summary>The iteration, from 1 on.</summary>
    public int RunIteration { get; init; } = 1;

    /// <summary>The measurements of the row: evaluations, and the run's own figures.</summary>
    public required IReadOnlyList<ComparedValue> Values { get; init; }
}

/// <summary>One evaluation of a row.</summary>
/// <param name="Label">The metric's label.</param>
/// <param name="MetricType">One of <see cref="MetricType"/>.</param>
/// <param name="Number">A score, or 1 and 0 for true and false; <c>null</c> or NaN if there is none.</param>
/// <param name="Category">A category's text.</param>
/// <param name="Passed">The assessment: pass or fail.</param>
public readonly record struct ComparedValue(string Label, string MetricType, double? Number, string? Category, bool? Passed);
