namespace LlmObs;

/// <summary>The result of one call for one experiment.</summary>
public sealed record SendResult
{
    /// <summary>The experiment.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>The experiment's page in Datadog's web application; null if it is not on one of Datadog's sites.</summary>
    public Uri? Url { get; init; }

    /// <summary>The spans that the service accepted.</summary>
    public long SpanCount { get; init; }

    /// <summary>The metrics that the service accepted.</summary>
    public long MetricCount { get; init; }

    /// <summary>The requests made, retries not counted.</summary>
    public long RequestCount { get; init; }

    /// <summary>The requests that were sent again.</summary>
    public long RetryCount { get; init; }

    /// <summary>The bytes of the accepted requests' bodies.</summary>
    public long ByteCount { get; init; }

    /// <summary>The events that did not get there: rows that could not be read and events of requests that failed.</summary>
    public long FailedCount { get; init; }

    /// <summary>
    /// Each metric of a table with its values and its missing values, in the order of the columns; empty if no table was read.
    /// </summary>
    public IReadOnlyList<LabelCount> Labels { get => field; init => field = HostSafeList<LabelCount>.Of(value); } = HostSafeList<LabelCount>.None;

    /// <summary>Columns of tables that became nothing; empty if no table was read.</summary>
    public IReadOnlyList<string> UnusedColumns { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;

    /// <summary>The values that rows of tables lack, over all metrics.</summary>
    public long MissingCount => Labels.Sum(label => label.MissingCount);

    /// <summary>From the first event to the last answer.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The spans and metrics that the service accepted.</summary>
    public long EventCount => SpanCount + MetricCount;

    /// <summary>Accepted events per second, to one digit; null if no time passed.</summary>
    public double? EventsPerSecond => Elapsed > TimeSpan.Zero ? Math.Round(EventCount / Elapsed.TotalSeconds, 1) : null;
}

/// <summary>The number of a table's rows with and without a value for a metric.</summary>
public sealed record LabelCount
{
    /// <summary>The metric's label.</summary>
    public required string Label { get; init; }

    /// <summary>Rows with a value, sent or not.</summary>
    public long ValueCount { get; init; }

    /// <summary>Rows without one: blank, a text that means "no value", or no such column.</summary>
    public long MissingCount { get; init; }

    /// <summary>The label with both counts.</summary>
    /// <returns>For example <c>faithfulness: 38 of 40</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"{Label}: {ValueCount} of {ValueCount + MissingCount}");
}
