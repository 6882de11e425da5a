namespace LlmObs.Client.Rows;

/// <summary>Counts problems of rows that have one cause, so that it is not reported for every row.</summary>
public sealed class RepeatedProblems
{
    /// <summary>The number of problems of one cause that are reported.</summary>
    public const int MostReported = 10;

    private readonly Dictionary<(string? Source, string Field, string Cause), (long Count, RowPlace Last, EventRowException Problem)> _causes = [];

    /// <summary>Counts a problem.</summary>
    /// <param name="place">The place of its row.</param>
    /// <returns>True if it is to be reported.</returns>
    public bool IsNew(RowPlace place, EventRowException problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var cause = (place.Source, problem.Field, WithoutValues(problem.Reason));
        long count = _causes.TryGetValue(cause, out (long Count, RowPlace, EventRowException) before) ? before.Count + 1 : 1;
        _causes[cause] = (count, place, problem);
        return count <= MostReported;
    }

    /// <summary>The problems that were not reported: their number, and the last one.</summary>
    /// <returns>One for each cause.</returns>
    public IEnumerable<(RowPlace Last, long Count, EventRowException Problem)> TakeRest()
    {
        var rest = _causes.Values.Where(cause => cause.Count > MostReported).Select(cause => (cause.Last, cause.Count - MostReported, cause.Problem)).ToList();
        _causes.Clear();
        return rest;
    }

    // A value is in quotes, and a place consists of digits.
    private static string WithoutValues(string reason)
    {
        var cause = new System.Text.StringBuilder(reason.Length);
        bool isQuoted = false;
        foreach (char one in reason)
        {
            isQuoted ^= one == '\'';
            if (!isQuoted && !char.IsAsciiDigit(one))
            {
                cause.Append(one);
            }
        }

        return cause.ToString();
    }
}
