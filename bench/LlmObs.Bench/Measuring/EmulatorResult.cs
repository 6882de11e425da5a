namespace LlmObs.Bench.Measuring;

/// <summary>The result of the emulator.</summary>
/// <param name="Metrics">The number of metrics.</param>
/// <param name="LoadMilliseconds">Sending them to it, journalled.</param>
/// <param name="AggregateMilliseconds">The average by label over all of them.</param>
/// <param name="RestartMilliseconds">A new start on the journal.</param>
/// <param name="RestartMegabytes">The peak memory of that start above the idle process.</param>
internal sealed record EmulatorResult(
    int Metrics, double LoadMilliseconds, IReadOnlyList<double> AggregateMilliseconds, IReadOnlyList<double> RestartMilliseconds, double RestartMegabytes);
