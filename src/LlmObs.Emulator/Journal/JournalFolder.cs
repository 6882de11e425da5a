namespace LlmObs.Emulator.Journal;

/// <summary>The folder of a journal, held by one emulator at a time.</summary>
internal sealed class JournalFolder : IDisposable
{
    private const string JournalName = "journal.jsonl";
    private const string LockName = "journal.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private JournalFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Makes the folder where it is missing, and holds it.</summary>
    public static JournalFolder Hold(string path)
    {
        try
        {
            string full = System.IO.Path.GetFullPath(path);
            CreateFolder(full);
            return new JournalFolder(full, OpenLock(full));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new EmulatorException($"The folder '{path}' can't be used for the journal: {failure.Message}", failure);
        }
    }

    public FileStream OpenJournal()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Path, JournalName), Options(FileShare.Read));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EmulatorException($"The journal in '{Path}' can't be opened: {failure.Message}", failure);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStream OpenLock(string folder)
    {
        string path = System.IO.Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, Options(FileShare.None));
        }
        catch (IOException failure) when (File.Exists(path))
        {
            throw new EmulatorException($"The folder '{folder}' is in use by another emulator.", failure);
        }
    }

    /// <summary>No buffer: what is written is with the operating system before the write returns.</summary>
    private static FileStreamOptions Options(FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
