namespace LlmObs.Client.Sending.Spool;

/// <summary>A file that events are read from, as it was when reading began.</summary>
/// <param name="Path">Its whole path.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modified">When it was last written.</param>
public sealed record SpoolSource(string Path, long Length, DateTime Modified)
{
    /// <summary>A file as it is now.</summary>
    /// <param name="path">Its whole path.</param>
    /// <returns>The file, with its length and time.</returns>
    /// <exception cref="IOException">There is no such file.</exception>
    public static SpoolSource Of(string path)
    {
        var file = new FileInfo(path);
        return new SpoolSource(path, file.Length, file.LastWriteTimeUtc);
    }

    /// <summary>Why it can't be read on; null where it is as it was.</summary>
    /// <returns>The reason in words, or null.</returns>
    public string? WhyChanged()
    {
        var file = new FileInfo(Path);
        return !file.Exists ? "it is not there any more" : file.Length != Length || file.LastWriteTimeUtc != Modified ? "it was changed since" : null;
    }
}
