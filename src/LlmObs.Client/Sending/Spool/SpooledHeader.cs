namespace LlmObs.Client.Sending.Spool;

/// <summary>What the file of a request says of it.</summary>
/// <param name="ExperimentId">Where its events go.</param>
/// <param name="Address">The service that they are for.</param>
/// <param name="Attempts">How often sending it has ended without success.</param>
internal readonly record struct SpooledHeader(string ExperimentId, string Address, int Attempts);
