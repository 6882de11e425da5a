namespace LlmObs;

/// <summary>One computation of an aggregate. Source: the request model of "Aggregate LLM Observability experimentation".</summary>
/// <param name="Metric"><c>metric</c>: what is computed; a plain name such as <c>score_value</c> is averaged.</param>
/// <param name="Name"><c>name</c>: the alias to answer under; <c>null</c> for the metric's own name.</param>
public sealed record AggregateCompute(string Metric, string? Name = null);
