using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// A file that replaces the one of its name once it is complete, because half a dataset looks like a dataset. A link stays, and
/// its target is replaced; a device or a pipe is never replaced. The new file has the old one's mode from the first byte.
/// </summary>
internal sealed class ReplacementFile : IDisposable
{
    private const UnixFileMode AnyMode = (UnixFileMode)0x1FF;

    private readonly string _path;
    private readonly string _unfinished;

    private ReplacementFile(string path, string unfinished, FileStream stream)
    {
        _path = path;
        _unfinished = unfinished;
        Stream = stream;
    }

    /// <summary>The stream for the new content.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins the new file, beside the old one.</summary>
    /// <param name="session">Knows the kinds of file system items.</param>
    /// <param name="path">The whole path.</param>
    /// <exception cref="IOException">It can't be written, or what has its name is no file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static ReplacementFile Begin(SessionState session, string path)
    {
        string target = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        if (Directory.Exists(target))
        {
            throw new IOException("it is a folder");
        }

        bool isThere = File.Exists(target);
        if (IsDevice(target) || (isThere && IsNoFile(session, target)))
        {
            throw new IOException("it is a device or a pipe, but a file is needed");
        }

        string unfinished = $"{target}.{Guid.NewGuid():N}.part";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!isThere || OperatingSystem.IsWindows())
        {
            return new ReplacementFile(target, unfinished, new FileStream(unfinished, options));
        }

        UnixFileMode mode = File.GetUnixFileMode(target) & AnyMode;
        options.UnixCreateMode = mode;
        var stream = new FileStream(unfinished, options);
        File.SetUnixFileMode(stream.SafeFileHandle, mode); // the process's mask may have removed bits
        return new ReplacementFile(target, unfinished, stream);
    }

    /// <summary>The file is whole, and takes its place.</summary>
    /// <exception cref="IOException">It can't.</exception>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        if (OperatingSystem.IsWindows() && File.Exists(_path))
        {
            File.Replace(_unfinished, _path, destinationBackupFileName: null); // which keeps the rights of the file before
        }
        else
        {
            File.Move(_unfinished, _path, overwrite: true);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(_unfinished); // nothing if it took its place
    }

    private static bool IsDevice(string path) => OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal);

    // .NET does not distinguish a device from a file, but the provider does.
    private static bool IsNoFile(SessionState session, string path) => !OperatingSystem.IsWindows()
        && session.InvokeProvider.Item.Get([path], force: true, literalPath: true) is [PSObject item, ..]
        && item.Properties["UnixStat"]?.Value is { } stat
        && PSObject.AsPSObject(stat).Properties["ItemType"]?.Value?.ToString() is not (null or "File");
}
