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
            // Half a line, as on a full disk, must not stand before the next one.
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

    /// <summary>Whether the file is a journal; false where it is new, or was torn before it became one.</summary>
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
