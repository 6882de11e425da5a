using System.Text.Json;
using LlmObs.Emulator.Store;

namespace LlmObs.Quickstart.Verification;

/// <summary>The events of an experiment, as the emulator holds them.</summary>
internal sealed class StoredEvents(EmulatorStore store, string experimentId)
{
    public IReadOnlyList<JsonElement> Spans { get; } = [.. store.Spans(experimentId).Select(Parse)];

    public IReadOnlyList<JsonElement> Metrics { get; } = [.. store.Metrics(experimentId).Select(Parse)];

    public static string SpanIdOf(JsonElement item) => item.GetProperty("span_id").GetString()!;

    public static JsonElement InputOf(JsonElement span) =>
        span.TryGetProperty("meta", out JsonElement meta) && meta.TryGetProperty("input", out JsonElement input) ? input : default;

    private static JsonElement Parse(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<JsonElement>(json.Span);
}
