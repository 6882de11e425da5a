using System.Globalization;

namespace LlmObs.Emulator.Journal;

/// <summary>
/// All accepted writes in their order, one JSON line each, so that a new start ends up with the same store. Opening it
/// restores the store; a last line without its end, torn by a crash, is cut off.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private readonly JournalFolder _folder;
    private readonly FileStream _file;
    private long _end;

    private JournalFile(JournalFolder folder, FileStream file)
    {
        _folder = folder;
        _file = file;
    }

    /// <summary>Opens the journal of a folder and fills a store from it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="store">The store to fill.</param>
    /// <returns>The journal, ready to be written to.</returns>
    /// <exception cref="EmulatorException">The folder can't be used, or the journal is damaged before its last line.</exception>
    public static JournalFile Open(string path, EmulatorStore store)
    {
        JournalFolder folder = JournalFolder.Hold(path);
        FileStream? file = null;
        try
        {
            file = folder.OpenJournal();
            var journal = new JournalFile(folder, file);
            journal.Restore(new JournalReplay(store));
            return journal;
        }
        catch (IOException failure)
        {
            Release();
            throw new EmulatorException($"The journal in '{path}' can't be read: {failure.Message}", failure);
        }
        catch (Exception)
        {
            Release();
            throw;
        }

        void Release()
        {
            file?.Dispose();
            folder.Dispose();
        }
    }

    /// <summary>Writes an entry and hands it to the operating system. Not thread-safe.</summary>
    public void Append(JournalEntry entry)
    {
        byte[] head = JournalLine.Head(entry);
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, [head, entry.Body, JournalLine.Tail], _end);
        }
        catch (Exception)
        {
            // Half a line, as on a full disk, must not remain before the next one.
            _file.SetLength(_end);
            throw;
        }

        _end += head.Length + entry.Body.Length + JournalLine.Tail.Length;
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    private void Restore(JournalReplay replay)
    {
        var lines = new LineReader(_file);
        if (!ReadMarker(lines))
        {
            _file.SetLength(0);
            byte[] marker = [.. JournalLine.Marker, (byte)'\n'];
            RandomAccess.Write(_file.SafeFileHandle, marker, 0);
            _end = marker.Length;
            return;
        }

        _end = lines.NextOffset;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!lines.IsComplete)
            {
                _file.SetLength(lines.Offset);
                return; // nobody was answered before the line had its end
            }

            if (replay.Apply(line) is { } fault)
            {
                throw new EmulatorException(string.Create(
                    CultureInfo.InvariantCulture, $"Line {lines.Number} of '{_file.Name}' can't be restored: {fault}. Nothing was changed."));
            }

            _end = lines.NextOffset;
        }
    }

    /// <summary>True if the file is a journal; false if it is new, or was torn before it became one.</summary>
    private bool ReadMarker(LineReader lines)
    {
        if (!lines.TryRead(out ReadOnlySpan<byte> first))
        {
            return false;
        }

        if (!lines.IsComplete && JournalLine.Marker.StartsWith(first))
        {
            return false;
        }

        return lines.IsComplete && first.SequenceEqual(JournalLine.Marker)
            ? true
            : throw new EmulatorException(
                $"'{_file.Name}' is not a journal that this version of the emulator can read: its first line is another.");
    }
}

/// <summary>Replays the writes of a journal. Writes that were accepted once are not checked for their age.</summary>
/// <param name="store">The store to fill.</param>
internal sealed class JournalReplay(EmulatorStore store)
{
    /// <summary>Replays one line.</summary>
    /// <returns>The problem; null if there is none.</returns>
    public string? Apply(ReadOnlySpan<byte> line)
    {
        if (!JournalLine.TryRead(line, out JournalEntry? entry))
        {
            return "it is not an entry of a journal";
        }

        return entry!.Kind switch
        {
            JournalKind.Create => Create(entry),
            JournalKind.Update => Update(entry),
            JournalKind.Delete => Delete(entry),
            JournalKind.Events => Append(entry),
            _ => CatalogJournal.Apply(store.Catalog, entry),
        };
    }

    private string? Create(JournalEntry entry)
    {
        if (ExperimentRequest.Read(entry.Body, out ExperimentRequest? request) is { } problem)
        {
            return problem.Detail;
        }

        if (store.FindExperiment(entry.Id) is not null)
        {
            return $"it creates the experiment '{entry.Id}' a second time";
        }

        store.Add(store.WithCurrentVersion(request!).ToExperiment(entry.Id, entry.Name!, entry.At));
        return null;
    }

    private string? Update(JournalEntry entry)
    {
        if (ExperimentChanges.Read(entry.Body, out ExperimentChanges? changes) is { } problem)
        {
            return problem.Detail;
        }

        return store.Update(entry.Id, experiment => changes!.ApplyTo(experiment, entry.At)) ? null : Unknown(entry);
    }

    private string? Delete(JournalEntry entry)
    {
        if (ExperimentDeletion.Read(entry.Body, out IReadOnlyList<string> ids) is { } problem)
        {
            return problem.Detail;
        }

        store.Delete(ids, entry.At);
        return null;
    }

    private string? Append(JournalEntry entry)
    {
        if (EventsReader.Read(entry.Body, EventRules.None, out ParsedEvents events) is { } problem)
        {
            return problem.Detail;
        }

        return store.Append(entry.Id, events, entry.At) ? null : Unknown(entry);
    }

    private static string Unknown(JournalEntry entry) => $"it speaks of the unknown experiment '{entry.Id}'";
}

/// <summary>Reads a file line by line, as bytes and with the lines' places.</summary>
/// <param name="file">The file, at its start.</param>
internal sealed class LineReader(FileStream file)
{
    private const int FirstBufferBytes = 1024 * 1024;

    /// <summary>Longer than any request; what has no line break for so long is no journal.</summary>
    private const int MaxLineBytes = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;

    /// <summary>The current line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The current line's offset in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>The offset of what follows the current line.</summary>
    public long NextOffset { get; private set; }

    /// <summary>True if the current line ends with a line break.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Moves to the next line.</summary>
    /// <param name="line">Its bytes without the line break, valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = _start;
        while (true)
        {
            int length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Take(searched + length - _start, breakBytes: 1);
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                line = Take(_end - _start, breakBytes: 0);
                return line.Length > 0;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int length, int breakBytes)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        Number++;
        Offset = NextOffset;
        NextOffset += length + breakBytes;
        IsComplete = breakBytes > 0;
        _start += length + breakBytes;
        return line;
    }

    /// <summary>Moves the rest to the front of the buffer and reads on; false at the end of the file.</summary>
    private bool Fill()
    {
        int left = _end - _start;
        byte[] target = _buffer;
        if (left == _buffer.Length)
        {
            if (left >= MaxLineBytes)
            {
                throw new EmulatorException(FormattableString.Invariant(
                    $"'{file.Name}' is not a journal of this emulator: line {Number + 1} does not end."));
            }

            target = new byte[_buffer.Length * 2];
        }

        _buffer.AsSpan(_start, left).CopyTo(target);
        _buffer = target;
        _start = 0;
        int read = file.Read(_buffer.AsSpan(left));
        _end = left + read;
        return read > 0;
    }
}

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

    /// <summary>Makes the folder if it is missing, and holds it.</summary>
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

    /// <summary>No buffer: the operating system has the bytes before the write returns.</summary>
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
