namespace LlmObs;

/// <summary>
/// What "update records" sends for one record: only what is given; <c>null</c> is sent as <c>null</c>. Source: the request
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

    /// <summary>Whether tags are changed, which only "batch update" can.</summary>
    public bool ChangesTags => RemoveTags is not null || AddTags is not null || SetTags is not null;

    /// <summary>Whether there is nothing to send.</summary>
    public bool IsEmpty => !(Input.IsGiven || ExpectedOutput.IsGiven || Metadata.IsGiven || ChangesTags);
}
