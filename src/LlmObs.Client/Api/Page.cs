namespace LlmObs.Client.Api;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">What is on it, in the service's order; may be empty although more pages follow.</param>
/// <param name="Next">The cursor of the page behind it (<c>meta.after</c>); null where this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>How many there are on all pages; null where the service does not say so.</summary>
    public long? TotalCount { get; init; }
}
