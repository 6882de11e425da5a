namespace LlmObs.Client.Rows;

/// <summary>
/// What a saved request looks like: lists of events, in the envelopes of the API or without. Whoever reads objects knows one by it.
/// </summary>
public static class PayloadShape
{
    /// <summary>The members that hold the lists, or another envelope.</summary>
    public static IReadOnlyList<string> Envelopes { get; } = ["data", "attributes"];

    /// <summary>The members that hold events.</summary>
    public static IReadOnlyList<(string Name, EventKind Kind)> Lists { get; } = [("spans", EventKind.Span), ("metrics", EventKind.Metric)];

    /// <summary>Whether a member is an envelope.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True if it is.</returns>
    public static bool IsEnvelope(string name) => name is "data" or "attributes";

    /// <summary>The events that a member holds.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>What the events are; null if it holds none.</returns>
    public static EventKind? KindOf(string name) => name switch
    {
        "spans" => EventKind.Span,
        "metrics" => EventKind.Metric,
        _ => null,
    };

    /// <summary>Whether a payload has a member of this name, and no event has.</summary>
    /// <param name="name">The name; case does not matter.</param>
    /// <returns>True if it is one of <see cref="Envelopes"/> or <see cref="Lists"/>.</returns>
    public static bool HasMember(string name) => name.Length is >= 4 and <= 10 && name.ToLowerInvariant() is var lower && (IsEnvelope(lower) || KindOf(lower) is not null);
}
