using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A row of an earlier run that an evaluator has not judged, or failed to.</summary>
/// <param name="Row">The row.</param>
/// <param name="IsSent">True if the service has it in this form.</param>
internal sealed record LackingRow(ResultRow Row, bool IsSent);

/// <summary>The rows of earlier runs that are still to be judged, by their spans.</summary>
internal sealed class LackingRows(IEnumerable<LackingRow> rows)
{
    private readonly Dictionary<string, LackingRow> _rows = rows.ToDictionary(one => one.Row.SpanId!, StringComparer.Ordinal);

    /// <summary>Rows that were not judged, since the run ended before.</summary>
    public IReadOnlyList<LackingRow> Left => [.. _rows.Values];

    /// <summary>A finished row is about to be sent.</summary>
    /// <returns>The evaluations that the service has already, beside the span; null if it has nothing of the row.</returns>
    public IReadOnlyList<ResultEvaluation>? TakeKnown(ResultRow row) =>
        row.SpanId is not null && _rows.Remove(row.SpanId, out LackingRow? before) && before.IsSent ? before.Row.Evaluations : null;
}
