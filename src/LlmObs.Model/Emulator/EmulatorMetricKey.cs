namespace LlmObs;

/// <summary>The key under which the emulator answers with a computed metric.</summary>
public enum EmulatorMetricKey
{
    /// <summary>The name that the request gives it; the metric's own without one.</summary>
    Name,

    /// <summary>The metric's own name, as in the documents' example of an aggregate.</summary>
    Metric,
}
