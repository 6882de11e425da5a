namespace LlmObs.Client.Sending.Spool;

/// <summary>A file that events are read from, as it was when reading began.</summary>
/// <param name="Path">Its whole path.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Modified">When it was last written.</param>
public sealed record SpoolSource(string Path, long Length, DateTime Modified)
{
    /// <summary>The file that a symbolic link of this path ends at; null if it is not a link.</summary>
    public string? Target { get; init; }

    /// <summary>The number of its events in requests, answered or not.</summary>
    public long EventCount { get; init; }

    /// <summary>The row of the last of them.</summary>
    public long LastRow { get; init; }

    /// <summary>True if it was read to its end.</summary>
    public bool IsRead { get; init; }

    /// <summary>A file in its present state; for a link, its target.</summary>
    /// <param name="path">Its whole path.</param>
    /// <returns>The file, with its length and time.</returns>
    /// <exception cref="IOException">There is no such file.</exception>
    public static SpoolSource Of(string path)
    {
        FileInfo? target = TargetOf(path);
        FileInfo file = target ?? new FileInfo(path);
        return new SpoolSource(path, file.Length, file.LastWriteTimeUtc) { Target = target?.FullName };
    }

    /// <summary>The reason why reading can't continue; null if the file is unchanged.</summary>
    /// <returns>The reason in words, or null.</returns>
    public string? ChangeReason()
    {
        FileInfo? target = TargetOf(Path);
        FileInfo file = target ?? new FileInfo(Path);
        return !file.Exists ? "it no longer exists"
            : target?.FullName != Target ? "it is a link, and now leads to another file"
            : file.Length != Length || file.LastWriteTimeUtc != Modified ? "it was changed since"
            : null;
    }

    // A link has a length and a time of its own, which do not describe the content that is read through it.
    private static FileInfo? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is { } target ? new FileInfo(target.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
