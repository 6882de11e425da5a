namespace LlmObs.PowerShell.Errors;

/// <summary>Counts problems of rows that have one cause, so that it is not told for every row.</summary>
internal sealed class RepeatedProblems
{
    /// <summary>How many problems of one cause are told.</summary>
    public const int MostTold = 10;

    private readonly Dictionary<(string? Source, string Field, string Cause), (long Count, RowPlace Last, EventRowException Problem)> _causes = [];

    /// <summary>Counts a problem.</summary>
    /// <returns>Whether it is to be told.</returns>
    public bool IsNew(RowPlace place, EventRowException problem)
    {
        var cause = (place.Source, problem.Field, WithoutValues(problem.Reason));
        long count = _causes.TryGetValue(cause, out (long Count, RowPlace, EventRowException) before) ? before.Count + 1 : 1;
        _causes[cause] = (count, place, problem);
        return count <= MostTold;
    }

    /// <summary>What was not told: how often, and the last one.</summary>
    public IEnumerable<(RowPlace Last, long Count, EventRowException Problem)> TakeRest()
    {
        var rest = _causes.Values.Where(cause => cause.Count > MostTold).Select(cause => (cause.Last, cause.Count - MostTold, cause.Problem)).ToList();
        _causes.Clear();
        return rest;
    }

    // A value stands in quotes, and a place is made of digits.
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
