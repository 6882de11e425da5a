namespace LlmObs.Bench.Measuring;

/// <summary>What the emulator did.</summary>
/// <param name="Metrics">How many metrics.</param>
/// <param name="LoadMilliseconds">Sending them to it, journalled.</param>
/// <param name="AggregateMilliseconds">The average by label over all of them.</param>
/// <param name="RestartMilliseconds">A new start on the journal.</param>
/// <param name="RestartMegabytes">The peak memory of that start above the idle process.</param>
internal sealed record EmulatorResult(
    int Metrics, double LoadMilliseconds, IReadOnlyList<double> AggregateMilliseconds, IReadOnlyList<double> RestartMilliseconds, double RestartMegabytes);
