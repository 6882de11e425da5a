namespace LlmObs.Client.Records;

/// <summary>Where records go, and how.</summary>
/// <param name="ProjectId">The dataset's project.</param>
/// <param name="DatasetId">The dataset.</param>
public sealed record RecordIntakeSettings(string ProjectId, string DatasetId)
{
    /// <summary>Whether records whose input is in the dataset already are passed over.</summary>
    public bool Deduplicate { get; init; }

    /// <summary>The most records of a request.</summary>
    public int BatchSize { get; init; }

    /// <summary>The most bytes of a request's records; a single record over it is sent alone.</summary>
    public int MaxBatchBytes { get; init; }

    /// <summary>From how many bytes on records are uploaded as a file.</summary>
    public long UploadThreshold { get; init; }
}
