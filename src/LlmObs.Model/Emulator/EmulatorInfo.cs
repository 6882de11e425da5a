namespace LlmObs;

/// <summary>A running emulator and what it holds at the time of asking.</summary>
public sealed record EmulatorInfo
{
    /// <summary>The port on the loopback interface.</summary>
    public required int Port { get; init; }

    /// <summary>The address to use as base address, for example <c>http://127.0.0.1:8126/</c>.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>The profile whose base address it set, where it did.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The folder of its journal; null where it keeps everything in memory.</summary>
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
