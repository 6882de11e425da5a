namespace LlmObs;

/// <summary>What came of adding records to a dataset in one call.</summary>
public sealed record RecordResult
{
    /// <summary>The dataset.</summary>
    public required string DatasetId { get; init; }

    /// <summary>The project that it is in.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The records that the service says it made.</summary>
    public long CreatedCount { get; init; }

    /// <summary>The records that were sent, and that the service did not make: it has them already. See -Deduplicate.</summary>
    public long SkippedCount { get; init; }

    /// <summary>The records that did not get there: rows that could not be read and records of requests that failed.</summary>
    public long FailedCount { get; init; }

    /// <summary>The requests made, retries not counted.</summary>
    public long RequestCount { get; init; }

    /// <summary>Whether the records went as one file, since there were too many for requests of JSON.</summary>
    public bool IsUpload { get; init; }

    /// <summary>From the first row to the last answer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The dataset's id: PowerShell turns an object into text where a parameter takes text, and there the id is meant.</summary>
    /// <returns><see cref="DatasetId"/>.</returns>
    public override string ToString() => DatasetId;
}
