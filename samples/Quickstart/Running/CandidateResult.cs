using System.Text.Json;

namespace LlmObs.Quickstart.Running;

/// <summary>The result of a run's second experiment, by its own account.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="SpanCount">The spans that it sent.</param>
/// <param name="MetricCount">The metrics that it sent.</param>
/// <param name="Faithfulness">The average that the comparison printed for it.</param>
internal sealed record CandidateResult(string ExperimentId, long SpanCount, long MetricCount, double Faithfulness)
{
    public static CandidateResult Read(JsonElement summary) => new(
        summary.GetProperty("experiment_id").GetString() ?? string.Empty,
        summary.GetProperty("spans").GetInt64(),
        summary.GetProperty("metrics").GetInt64(),
        summary.GetProperty("faithfulness").GetDouble());
}
