namespace LlmObs.Client.Api;

/// <summary>A file that what was fetched can't be written to.</summary>
/// <param name="reason">What the file system said.</param>
public sealed class UnwritableFileException(IOException reason) : Exception(reason?.Message, reason);
