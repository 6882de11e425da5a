using System.Globalization;

namespace LlmObs.Client.Sending.Spool;

/// <summary>A folder of requests that wait for their answers. Only the user of this process may look into it.</summary>
public sealed class SpoolFolder
{
    internal const string RequestEnding = ".request";
    internal const string RecordEnding = ".run";
    internal const string LockEnding = ".lock";
    internal const string DamagedEnding = ".damaged"; // what ends so is never read again

    private readonly SpoolFile files;

    /// <summary>A folder.</summary>
    /// <param name="path">Its whole path.</param>
    public SpoolFolder(string path)
        : this(path, SpoolFile.CreatePrivate)
    {
    }

    /// <param name="path">Its whole path.</param>
    /// <param name="create">Makes the files that are written.</param>
    internal SpoolFolder(string path, Func<string, Stream> create)
    {
        FolderPath = path;
        files = new SpoolFile(create);
    }

    /// <summary>Its whole path.</summary>
    public string FolderPath { get; }

    /// <summary>The runs, the oldest first, held by somebody or not.</summary>
    /// <returns>Their names.</returns>
    /// <exception cref="SpoolException">The folder can't be read.</exception>
    public IReadOnlyList<string> Runs()
    {
        try
        {
            return [.. Directory.EnumerateFiles(FolderPath)
                .Select(file => Path.GetFileName(file)!)
                .Where(name => name.EndsWith(RequestEnding, StringComparison.Ordinal) || name.EndsWith(RecordEnding, StringComparison.Ordinal)
                    || name.EndsWith(SpoolFile.UnfinishedEnding, StringComparison.Ordinal))
                .Select(name => name[..name.IndexOf('.', StringComparison.Ordinal)])
                .Distinct()
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException(FolderPath, e);
        }
    }

    /// <summary>The requests of a run that are not answered.</summary>
    /// <param name="run">Its name.</param>
    /// <returns>How many.</returns>
    public int CountRequests(string run) => Directory.GetFiles(FolderPath, run + ".*" + RequestEnding).Length;

    /// <summary>Begins a run; the folder is made where it is missing.</summary>
    /// <param name="record">What it will read.</param>
    /// <param name="now">The time, for its name.</param>
    /// <returns>The run, held.</returns>
    /// <exception cref="SpoolException">The folder can't be written.</exception>
    public SpoolRun Begin(SpoolRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        string name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{Guid.NewGuid().ToString("N")[..8]}");
        string stem = Path.Combine(FolderPath, name);
        try
        {
            MakeFolder();
            FileStream hold = Hold(stem);
            try
            {
                files.Write(stem + RecordEnding, record.ToJson());
                return new SpoolRun(files, hold, stem, record, Ignored);
            }
            catch
            {
                hold.Dispose();
                File.Delete(hold.Name);
                throw;
            }
        }
        catch (Exception e) when (e is IOException and not SpoolException or UnauthorizedAccessException)
        {
            throw new SpoolException(FolderPath, e);
        }
    }

    /// <summary>Takes a run that nobody holds.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="setAside">Is told of files that are damaged, and are kept under another name: where they are now, and why.</param>
    /// <returns>The run, held; null where another process, or another call of this one, holds it.</returns>
    /// <exception cref="SpoolException">The folder can't be read or written.</exception>
    public SpoolRun? TryOpen(string name, Action<string, string> setAside)
    {
        string stem = Path.Combine(FolderPath, name);
        FileStream hold;
        try
        {
            hold = Hold(stem);
        }
        catch (IOException) when (File.Exists(stem + LockEnding))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException(stem + LockEnding, e);
        }

        try
        {
            var run = new SpoolRun(files, hold, stem, record: null, setAside);
            run.Recover();
            return run;
        }
        catch (Exception e)
        {
            hold.Dispose();
            throw e is (IOException and not SpoolException) or UnauthorizedAccessException ? new SpoolException(FolderPath, e) : e;
        }
    }

    private static void Ignored(string file, string reason)
    {
    }

    // Closed by the system when the process ends, however it ends; on Unix the lock is advisory, and all of ours ask for it.
    private static FileStream Hold(string stem) => (FileStream)SpoolFile.CreatePrivate(stem + LockEnding);

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(FolderPath);
        }
        else
        {
            Directory.CreateDirectory(FolderPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
