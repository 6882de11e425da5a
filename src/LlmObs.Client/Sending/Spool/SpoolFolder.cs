using System.Globalization;

namespace LlmObs.Client.Sending.Spool;

/// <summary>A folder of requests that wait for their answers. Only the user of this process may look into it.</summary>
public sealed class SpoolFolder
{
    private readonly SpoolFile _files;

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
        _files = new SpoolFile(create);
    }

    /// <summary>Its whole path.</summary>
    public string FolderPath { get; }

    /// <summary>The runs, the oldest first, held by somebody or not. Files of other names are not the spool's, and are left alone.</summary>
    /// <returns>Their names.</returns>
    /// <exception cref="SpoolException">The folder can't be read, or others than its owner can write to it.</exception>
    public IReadOnlyList<string> Runs()
    {
        try
        {
            RefuseOthers();
            return [.. Directory.EnumerateFiles(FolderPath)
                .Select(file => SpoolName.RunOf(Path.GetFileName(file)))
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException and not SpoolException or UnauthorizedAccessException)
        {
            throw new SpoolException(FolderPath, e);
        }
    }

    /// <summary>The requests that are not answered.</summary>
    /// <param name="run">The name of their run; null for all runs.</param>
    /// <returns>The number; none if there is no such folder.</returns>
    /// <exception cref="SpoolException">The folder can't be read.</exception>
    public int CountRequests(string? run = null)
    {
        try
        {
            return Directory.EnumerateFiles(FolderPath)
                .Select(file => Path.GetFileName(file))
                .Count(file => SpoolName.IsRequest(file) && (run is null || SpoolName.RunOf(file) == run));
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException(FolderPath, e);
        }
    }

    /// <summary>Begins a run; the folder is made if it is missing.</summary>
    /// <param name="record">The sources that it will read.</param>
    /// <param name="now">The time, for its name.</param>
    /// <returns>The run, held.</returns>
    /// <exception cref="SpoolException">The folder can't be written, or others than its owner can write to it.</exception>
    public SpoolRun Begin(SpoolManifest record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        string name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{Guid.NewGuid().ToString("N")[..8]}");
        string stem = Path.Combine(FolderPath, name);
        try
        {
            MakeFolder();
            RefuseOthers();
            FileStream hold = SpoolFile.Hold(stem + SpoolName.LockEnding);
            try
            {
                _files.Write(stem + SpoolName.RecordEnding, record.ToJson());
                return new SpoolRun(_files, hold, stem, record, Ignored);
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

    /// <summary>Takes a run that is not held.</summary>
    /// <param name="setAside">Receives damaged files, which are kept under another name: their new paths, and the reasons.</param>
    /// <returns>The run, held; null if another process, or another call of this one, holds it.</returns>
    /// <exception cref="SpoolException">The folder or a file of the run can't be read or written, or is of another version.</exception>
    public SpoolRun? TryOpen(string name, Action<string, string> setAside)
    {
        string stem = Path.Combine(FolderPath, name);
        FileStream hold;
        try
        {
            RefuseOthers();
            hold = SpoolFile.Hold(stem + SpoolName.LockEnding);
        }
        catch (IOException e) when (e is not SpoolException && File.Exists(stem + SpoolName.LockEnding))
        {
            return null;
        }
        catch (Exception e) when (e is IOException and not SpoolException or UnauthorizedAccessException)
        {
            throw new SpoolException(stem + SpoolName.LockEnding, e);
        }

        try
        {
            var run = new SpoolRun(_files, hold, stem, record: null, setAside);
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

    // Files that others put there would be sent with the keys of this user, and files that they remove would be lost.
    private void RefuseOthers()
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(FolderPath) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            throw new SpoolException(FolderPath, new UnauthorizedAccessException(
                "others than its owner can write to it; remove that permission (chmod go-w), or give another folder"));
        }
    }

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

/// <summary>The place for an upload's requests: it begins a run in a folder for each experiment.</summary>
/// <param name="how">The options for reading files.</param>
public sealed class EventSpool(SpoolFolder folder, SpoolManifest how)
{
    /// <summary>The folder's whole path.</summary>
    public string FolderPath => folder.FolderPath;

    /// <summary>Requests of this folder that are not answered, of this upload and of others.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="SpoolException">The folder can't be read.</exception>
    public int CountLeft() => folder.CountRequests();

    /// <summary>The address that events of a run are for.</summary>
    /// <param name="client">The service.</param>
    /// <returns>The address as a run keeps it.</returns>
    public static string AddressOf(LlmObsClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Options.BaseUri.AbsoluteUri;
    }

    /// <summary>True if events for an address may go to the present one; an emulator has another port each time.</summary>
    /// <param name="address">The address that a run keeps.</param>
    /// <param name="client">The present service.</param>
    /// <returns>True if it is the same service.</returns>
    public static bool IsFor(string address, LlmObsClient client) => address == AddressOf(client)
        || (client.Options.BaseUri.IsLoopback && Uri.TryCreate(address, UriKind.Absolute, out Uri? other) && other.IsLoopback);

    /// <exception cref="SpoolException">The folder can't be written.</exception>
    internal void Begin(LlmObsClient client, EventBatcher batcher, EventDefaults defaults) => batcher.KeepIn(folder.Begin(
        how with { ExperimentId = batcher.ExperimentId, Address = AddressOf(client), Defaults = defaults },
        client.Options.Time.GetUtcNow()));
}

/// <summary>The spool could not be written or read: a full disk, missing rights, a folder that is gone.</summary>
/// <param name="path">The file or folder.</param>
/// <param name="reason">The system's error.</param>
public sealed class SpoolException(string path, Exception reason)
    : IOException($"'{path}' can't be used: {reason.Message.TrimEnd('.')}", reason)
{
    /// <summary>The file or folder.</summary>
    public string SpoolFile { get; } = path;

    /// <summary>The batch that could not be kept, and is not sent; null if it is about no batch.</summary>
    public ReadyBatch? Batch { get; internal set; }
}
