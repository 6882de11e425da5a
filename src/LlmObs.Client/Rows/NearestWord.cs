namespace LlmObs.Client.Rows;

/// <summary>Finds the known word that an unknown one was probably meant to be.</summary>
public static class NearestWord
{
    /// <summary>The known words nearest to a given one, best first; none if nothing is near.</summary>
    /// <param name="given">The given word. Case does not matter.</param>
    /// <param name="known">The possible words.</param>
    /// <returns>At most three words.</returns>
    public static IReadOnlyList<string> Find(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        string wrong = given.Trim().ToLowerInvariant();
        int allowed = Math.Max(1, (wrong.Length + 1) / 3);
        return [.. known.Where(word => word.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(word => (Word: word, Edits: Distance(wrong, word.ToLowerInvariant(), allowed)))
            .Where(one => one.Edits <= allowed)
            .OrderBy(one => one.Edits)
            .Take(3)
            .Select(one => one.Word)];
    }

    /// <summary>A sentence that names them, with a blank before it; empty if nothing is near.</summary>
    /// <param name="given">The given word.</param>
    /// <param name="known">The possible words.</param>
    /// <returns>For example <c> Did you mean 'label'?</c></returns>
    public static string Ask(string given, IEnumerable<string> known)
    {
        IReadOnlyList<string> near = Find(given, known);
        return near.Count == 0 ? string.Empty : $" Did you mean {string.Join(" or ", near.Select(word => $"'{word}'"))}?";
    }

    // Insertions, deletions, replacements, and swapped neighbours count as one edit each. A word that only continues
    // the given one, or adds to its beginning (score: score_value), is one edit away.
    private static int Distance(string from, string to, int limit)
    {
        if (from.Length >= 3 && (to.StartsWith(from, StringComparison.Ordinal) || to.EndsWith(from, StringComparison.Ordinal)))
        {
            return from.Length == to.Length ? 0 : 1;
        }

        if (Math.Abs(from.Length - to.Length) > limit)
        {
            return int.MaxValue;
        }

        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                edits[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1,
                    edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[from.Length, to.Length];
    }
}
