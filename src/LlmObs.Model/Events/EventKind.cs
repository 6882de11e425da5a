namespace LlmObs;

/// <summary>The two kinds of events that an experiment is filled with.</summary>
public enum EventKind
{
    /// <summary>A call that was evaluated: input, output, timing.</summary>
    Span,

    /// <summary>An evaluator's value for a span.</summary>
    Metric,
}
