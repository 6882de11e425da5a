using System.Text.Json;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Measuring;

/// <summary>One measurement.</summary>
/// <param name="Milliseconds">The time, without the start of the process.</param>
/// <param name="IdleBytes">The memory before the first event.</param>
/// <param name="PeakBytes">The most memory.</param>
/// <param name="Arrived">The events that the sink received.</param>
internal sealed record Sample(double Milliseconds, long IdleBytes, long PeakBytes, SinkCounts? Arrived)
{
    public double PeakAboveIdle => (PeakBytes - IdleBytes) / 1e6;

    public static Sample From(JsonElement json, SinkCounts? arrived) => new(
        json.GetProperty("milliseconds").GetDouble(),
        json.TryGetProperty("idle", out JsonElement idle) ? idle.GetInt64() : 0,
        json.TryGetProperty("peak", out JsonElement peak) ? peak.GetInt64() : 0,
        arrived);
}
