namespace LlmObs.Client.Sending.Spool;

/// <summary>The spool could not be written or read: a full disk, missing rights, a folder that is gone.</summary>
/// <param name="path">The file or folder.</param>
/// <param name="reason">What the system said.</param>
public sealed class SpoolException(string path, Exception reason)
    : IOException($"'{path}' can't be used: {reason.Message.TrimEnd('.')}", reason)
{
    /// <summary>The file or folder.</summary>
    public string SpoolFile { get; } = path;

    /// <summary>The batch that could not be kept, and is not sent; null if it is about no batch.</summary>
    public ReadyBatch? Batch { get; internal set; }
}
