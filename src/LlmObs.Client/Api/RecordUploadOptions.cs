namespace LlmObs.Client.Api;

/// <summary>How an uploaded file of records is taken over.</summary>
public sealed record RecordUploadOptions
{
    /// <summary>Whether records whose input is in the dataset already are passed over (<c>deduplicate</c>).</summary>
    public bool Deduplicate { get; init; }

    /// <summary>Whether a record takes the place of one that has its own id (<c>overwrite</c>); the service takes true where it is absent.</summary>
    public bool? Overwrite { get; init; }
}
