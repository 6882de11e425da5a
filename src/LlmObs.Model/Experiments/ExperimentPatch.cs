namespace LlmObs;

/// <summary>
/// What "update experiment" sends: only what is given; <c>null</c> clears. Source: the request model of "Update an LLM
/// Observability experiment". <c>metadata</c> replaces what is there, it is not merged.
/// </summary>
public sealed record ExperimentPatch
{
    /// <summary><c>name</c>.</summary>
    public Optional<string> Name { get; init; }

    /// <summary><c>description</c>.</summary>
    public Optional<string> Description { get; init; }

    /// <summary><c>dataset_id</c>.</summary>
    public Optional<string> DatasetId { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }

    /// <summary><c>status</c>: see <see cref="ExperimentStatus"/>.</summary>
    public Optional<string> Status { get; init; }

    /// <summary><c>error</c>: why the experiment failed.</summary>
    public Optional<string> ErrorMessage { get; init; }

    /// <summary>Whether there is nothing to send.</summary>
    public bool IsEmpty =>
        !(Name.IsGiven || Description.IsGiven || DatasetId.IsGiven || Metadata.IsGiven || Status.IsGiven || ErrorMessage.IsGiven);
}
