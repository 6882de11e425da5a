namespace LlmObs;

/// <summary>What a task gives that has more to say than its output.</summary>
public sealed record TaskResult
{
    /// <summary>The output, any JSON value.</summary>
    public object? Output { get; init; }

    /// <summary>Metadata of the row, a JSON object; null for none.</summary>
    public object? Metadata { get; init; }

    /// <summary>Tokens sent to a model.</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens got from a model.</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>What the call cost, in US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Tags of the row, each as <c>key:value</c>.</summary>
    public IReadOnlyList<string> Tags { get => field; init => field = HostSafeList<string>.Of(value); } = HostSafeList<string>.None;
}
