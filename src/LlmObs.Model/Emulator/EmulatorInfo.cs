namespace LlmObs;

/// <summary>A running emulator and its contents at the time of the call.</summary>
public sealed record EmulatorInfo
{
    /// <summary>The port on the loopback interface.</summary>
    public required int Port { get; init; }

    /// <summary>The address to use as base address, for example <c>http://127.0.0.1:8126/</c>.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>The profile whose base address it set, if any.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The folder of its journal; null if it keeps everything in memory.</summary>
    public string? Path { get; init; }

    /// <summary>The projects stored.</summary>
    public long ProjectCount { get; init; }

    /// <summary>The datasets stored.</summary>
    public long DatasetCount { get; init; }

    /// <summary>The experiments stored.</summary>
    public long ExperimentCount { get; init; }

    /// <summary>The spans stored.</summary>
    public long SpanCount { get; init; }

    /// <summary>The metrics stored.</summary>
    public long MetricCount { get; init; }

    /// <summary>The spans and metrics stored.</summary>
    public long EventCount => SpanCount + MetricCount;

    /// <summary>The requests answered or dropped.</summary>
    public long RequestCount { get; init; }
}

/// <summary>The form of the emulator's errors.</summary>
public enum EmulatorErrorForm
{
    /// <summary>A title and a detail, and nothing more, as the live service was seen to do.</summary>
    Brief,

    /// <summary>With the status and the place of the mistake, as documented.</summary>
    Full,
}

/// <summary>The emulator's answer to a deletion of datasets.</summary>
public enum EmulatorDeleteBody
{
    /// <summary>200 with the datasets that were deleted, as the live service was seen to do.</summary>
    Resource,

    /// <summary>204 with no body, as the documents promise.</summary>
    Empty,
}

/// <summary>The emulator's answer to an update.</summary>
public enum EmulatorPatchBody
{
    /// <summary>200 with no body, as the live service was seen to do.</summary>
    Empty,

    /// <summary>200 with the experiment, as the documents promise.</summary>
    Resource,
}

/// <summary>The key under which the emulator answers with a computed metric.</summary>
public enum EmulatorMetricKey
{
    /// <summary>The name that the request gives it; the metric's own without one.</summary>
    Name,

    /// <summary>The metric's own name, as in the documents' example of an aggregate.</summary>
    Metric,
}

/// <summary>The form in which the emulator answers with records of datasets.</summary>
public enum EmulatorRecordForm
{
    /// <summary>As resources, <c>{id, type, attributes}</c>, after a change as the list <c>data</c>, as the live service was seen to do.</summary>
    Resource,

    /// <summary>Flat, after a change as <c>data[].records[]</c>, as the documents promise.</summary>
    Flat,
}

/// <summary>The mark by which the emulator ends a list.</summary>
public enum EmulatorListEnd
{
    /// <summary><c>meta.after</c> is an empty text, as the live service was seen to do.</summary>
    Empty,

    /// <summary><c>meta.after</c> is null, as the documents allow.</summary>
    Null,

    /// <summary><c>meta</c> has no <c>after</c>.</summary>
    Absent,

    /// <summary>There is no <c>meta</c>.</summary>
    NoMeta,
}
