namespace LlmObs.Client.Sending;

/// <summary>Events that failed for one reason: those of a request, or of several.</summary>
/// <param name="ExperimentId">Where they were to go.</param>
/// <param name="Failure">Why they are not there.</param>
/// <param name="First">The row of the first.</param>
/// <param name="Last">The row of the last.</param>
/// <param name="Json">The events, a JSON text each, as they can be sent again; none if a spool keeps them.</param>
public sealed record UndeliveredEvents(string ExperimentId, LlmObsException Failure, RowPlace First, RowPlace Last, IReadOnlyList<string> Json)
{
    /// <summary>
    /// Whether the service refuses these events themselves: each was named by the answer, or everything that it was sent with
    /// has been accepted without it, but for <see cref="SharedCount"/> of them.
    /// </summary>
    public bool IsCulprit { get; init; }

    /// <summary>How many they are; <see cref="Json"/> has none of those that a spool keeps.</summary>
    public int Count { get; init; } = Json.Count;

    /// <summary>How many of many refused events were refused together with others like them, and were not tried alone.</summary>
    public int SharedCount { get; init; }

    /// <summary>How many of them no request was made for, since others had failed for the same reason.</summary>
    public int UntriedCount { get; init; }

    /// <summary>Whether other events between the first and the last are there, or failed for another reason.</summary>
    public bool HasGaps { get; init; }

    /// <summary>The file of the spool that keeps them, its folder if several do; null where nothing does.</summary>
    public string? KeptIn { get; init; }

    /// <summary>The folder of the spool that keeps them; null where nothing does.</summary>
    public string? SpoolPath { get; init; }
}
