namespace LlmObs.Bench;

/// <summary>Something keeps the measurements from being made, or a way did not do what it was measured for.</summary>
internal sealed class BenchException(string message) : Exception(message);
