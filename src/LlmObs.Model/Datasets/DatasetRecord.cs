namespace LlmObs;

/// <summary>
/// A record of a dataset: a question and its expected answer. Source: the response model of "List Agent
/// Observability dataset records"; the live service puts the fields in <c>attributes</c>, but the documentation has them flat.
/// </summary>
public sealed record DatasetRecord
{
    /// <summary>The id (<c>id</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The input (<c>input</c>), any JSON value.</summary>
    public object? Input { get; init; }

    /// <summary>The expected output (<c>expected_output</c>), any JSON value.</summary>
    public object? ExpectedOutput { get; init; }

    /// <summary>The metadata (<c>metadata</c>), a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary>The tags (<c>tags</c>); the documentation has none in an answer. Empty if there are none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The dataset (<c>dataset_id</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>The project that the dataset is in; no part of an answer, but of the address that was asked.</summary>
    public string? ProjectId { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Fields that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>The id: PowerShell turns an object into text for a text parameter, which then needs the id.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}

/// <summary>
/// The part of "update records" for one record: only given fields; <c>null</c> is sent as <c>null</c>. Source: the request
/// models of "Update Agent Observability dataset records" and of "Batch update", which alone knows tags.
/// </summary>
public sealed record DatasetRecordPatch
{
    /// <summary><c>id</c>, required.</summary>
    public required string Id { get; init; }

    /// <summary><c>input</c>: anything that becomes JSON.</summary>
    public Optional<object> Input { get; init; }

    /// <summary><c>expected_output</c>: anything that becomes JSON.</summary>
    public Optional<object> ExpectedOutput { get; init; }

    /// <summary><c>metadata</c>: anything that becomes a JSON object.</summary>
    public Optional<object> Metadata { get; init; }

    /// <summary>Tags to take away (<c>tag_operations.remove</c>); the service does this first.</summary>
    public IReadOnlyList<string>? RemoveTags { get; init; }

    /// <summary>Tags to add (<c>tag_operations.add</c>).</summary>
    public IReadOnlyList<string>? AddTags { get; init; }

    /// <summary>The tags to have in the end (<c>tag_operations.set</c>); the other two then count for nothing.</summary>
    public IReadOnlyList<string>? SetTags { get; init; }

    /// <summary>True if tags are changed, which only "batch update" can do.</summary>
    public bool ChangesTags => RemoveTags is not null || AddTags is not null || SetTags is not null;

    /// <summary>True if there is nothing to send.</summary>
    public bool IsEmpty => !(Input.IsGiven || ExpectedOutput.IsGiven || Metadata.IsGiven || ChangesTags);
}

/// <summary>The result of adding records to a dataset in one call.</summary>
public sealed record RecordResult
{
    /// <summary>The dataset.</summary>
    public required string DatasetId { get; init; }

    /// <summary>The project that it is in.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The number of records that the service reported as created.</summary>
    public long CreatedCount { get; init; }

    /// <summary>The records that were sent, and that the service did not make: it has them already. See -Deduplicate.</summary>
    public long SkippedCount { get; init; }

    /// <summary>The records that did not get there: rows that could not be read and records of requests that failed.</summary>
    public long FailedCount { get; init; }

    /// <summary>The requests made, retries not counted.</summary>
    public long RequestCount { get; init; }

    /// <summary>True if the records were uploaded as one file, because there were too many for JSON requests.</summary>
    public bool IsUpload { get; init; }

    /// <summary>From the first row to the last answer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The dataset's id: PowerShell turns an object into text for a text parameter, which then needs the id.</summary>
    /// <returns><see cref="DatasetId"/>.</returns>
    public override string ToString() => DatasetId;
}
