namespace LlmObs.Bench;

/// <summary>The measurements can't be made, or a way did not do its work.</summary>
internal sealed class BenchException(string message) : Exception(message);
