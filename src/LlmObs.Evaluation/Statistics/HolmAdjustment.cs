namespace LlmObs.Evaluation.Statistics;

/// <summary>Holm's step-down adjustment of p-values of several tests: keeps the chance of a single false alarm among all of them.</summary>
internal static class HolmAdjustment
{
    /// <summary>The adjusted p-values, in the order of the given ones.</summary>
    /// <param name="pValues">Probabilities; <c>null</c> for a test that has none, which is not counted.</param>
    /// <returns>A value at each place; <c>null</c> where there was none.</returns>
    public static double?[] Adjust(IReadOnlyList<double?> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => pValues[i] is not null).OrderBy(i => pValues[i])];
        double?[] adjusted = new double?[pValues.Count];
        double atLeast = 0;
        for (int i = 0; i < order.Length; i++)
        {
            atLeast = Math.Max(atLeast, Math.Min(1, (order.Length - i) * pValues[order[i]]!.Value));
            adjusted[order[i]] = atLeast;
        }

        return adjusted;
    }
}
