namespace LlmObs;

/// <summary>
/// A record of a dataset: one question, and what is expected of its answer. Source: the response model of "List Agent
/// Observability dataset records"; the live service puts the fields in <c>attributes</c>, where the documents have them flat.
/// </summary>
public sealed record DatasetRecord
{
    /// <summary>The id (<c>id</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The input (<c>input</c>), any JSON value.</summary>
    public object? Input { get; init; }

    /// <summary>What is expected (<c>expected_output</c>), any JSON value.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary>The metadata (<c>metadata</c>), a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary>The tags (<c>tags</c>); no document names them in an answer. Empty where there are none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The dataset (<c>dataset_id</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>The project that the dataset is in; no part of an answer, but of the address that was asked.</summary>
    public string? ProjectId { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Fields that this version does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>The id: PowerShell turns an object into text where a parameter takes text, and there the id is meant.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
