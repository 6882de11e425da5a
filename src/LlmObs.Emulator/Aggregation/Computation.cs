namespace LlmObs.Emulator.Aggregation;

/// <summary>One average.</summary>
/// <param name="Metric">The field it is taken over.</param>
/// <param name="Key">The name it is answered under: the alias that was asked for, else the field.</param>
internal sealed record Computation(string Metric, string Key);
