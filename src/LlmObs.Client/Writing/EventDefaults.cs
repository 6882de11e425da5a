namespace LlmObs.Client.Writing;

/// <summary>What rows need not say themselves.</summary>
public sealed record EventDefaults
{
    /// <summary>The project of spans that name none.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The dataset of spans that name none.</summary>
    public string? DatasetId { get; init; }

    /// <summary>Tags for every event, beside its own.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What a row is, where the user says so; null to see it from its fields.</summary>
    public EventKind? Kind { get; init; }

    /// <summary>
    /// Whether metrics are those of a run, with what Datadog's SDKs send beyond the documents: the experiment's id, a status,
    /// type and stack of an error, and a metric without a value if the evaluator gave none.
    /// </summary>
    public bool AreOfRun { get; init; }
}
