namespace LlmObs.Client.Sending;

/// <summary>The events of one request that failed.</summary>
/// <param name="ExperimentId">Where they were to go.</param>
/// <param name="Failure">Why they are not there.</param>
/// <param name="First">The row of the first.</param>
/// <param name="Last">The row of the last.</param>
/// <param name="Json">The events, a JSON text each, as they can be sent again.</param>
public sealed record FailedEvents(string ExperimentId, LlmObsException Failure, RowPlace First, RowPlace Last, IReadOnlyList<string> Json)
{
    /// <summary>
    /// Whether this one event is what the service refuses: it was named by the answer, or everything that it was sent with
    /// has been accepted without it.
    /// </summary>
    public bool IsCulprit { get; init; }

    /// <summary>The file of the spool that keeps them; null where nothing does.</summary>
    public string? KeptIn { get; init; }
}
