using System.Globalization;

namespace LlmObs.Client.Sending;

/// <summary>Which events of a refused request the answer names, by the JSON pointers of its errors.</summary>
internal static class NamedBadEvents
{
    private const string Attributes = "/data/attributes/";

    /// <summary>The positions of the named events, ascending, each with the first error that names it.</summary>
    public static IReadOnlyList<(int Position, ApiError Error)> NamedBy(LlmObsException refusal, BatchSlice events)
    {
        var named = new SortedDictionary<int, ApiError>();
        foreach (ApiError error in refusal.Errors)
        {
            if (error.Pointer is not null && TryRead(error.Pointer, out EventKind kind, out int index) && PositionOf(events, kind, index) is int position)
            {
                named.TryAdd(position, error);
            }
        }

        return [.. named.Select(pair => (pair.Key, pair.Value))];
    }

    private static bool TryRead(string pointer, out EventKind kind, out int index)
    {
        kind = default;
        index = -1;
        string[] parts = pointer.StartsWith(Attributes, StringComparison.Ordinal) ? pointer[Attributes.Length..].Split('/') : [];
        if (parts is not ["spans" or "metrics", var number, ..])
        {
            return false;
        }

        kind = parts[0] == "spans" ? EventKind.Span : EventKind.Metric;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private static int? PositionOf(BatchSlice events, EventKind kind, int index)
    {
        for (int position = 0; position < events.Count; position++)
        {
            if (events.Event(position).Kind == kind && index-- == 0)
            {
                return position;
            }
        }

        return null;
    }
}
