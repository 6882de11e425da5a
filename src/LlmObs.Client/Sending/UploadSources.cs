namespace LlmObs.Client.Sending;

/// <summary>
/// What the rows of an upload come from. A spool writes it down, so that reading can go on after the end of this process; without
/// one there is nothing to write. A source is a number of the spool's run, or -1 for one that nothing could be read of later either.
/// </summary>
public sealed class UploadSources
{
    private readonly EventUpload _upload;
    private readonly Lock _gate;

    internal UploadSources(EventUpload upload, Lock gate) => (_upload, _gate) = (upload, gate);

    /// <summary>True if <see cref="AddPiped"/> has something to write.</summary>
    public bool NeedPiped => _upload.Run?.Record is { FromPipeline: false };

    /// <summary>Files are read next.</summary>
    /// <param name="files">Their whole paths.</param>
    /// <param name="arePiped">True if more may follow.</param>
    /// <returns>The files, each with its source.</returns>
    /// <exception cref="SpoolException">That could not be written.</exception>
    public IReadOnlyList<(string File, int Source)> AddFiles(IReadOnlyList<string> files, bool arePiped)
    {
        if (_upload.Current.Spool is not SpoolRun run)
        {
            return [.. files.Select(file => (file, -1))];
        }

        (string File, SpoolSource? Source)[] found = [.. files.Select(file => (file, SourceOf(file)))];
        lock (_gate)
        {
            int next = run.AddSources(found.Select(one => one.Source).OfType<SpoolSource>(), arePiped);
            return [.. found.Select(one => (one.File, one.Source is null ? -1 : next++))];
        }
    }

    /// <summary>A row of no file is added next.</summary>
    /// <exception cref="SpoolException">That could not be written.</exception>
    public void AddPiped()
    {
        EventBatcher batcher = _upload.Current;
        if (batcher.Spool is SpoolRun run)
        {
            lock (_gate)
            {
                run.AddPipeline();
                batcher.BeginSource(-1);
            }
        }
    }

    /// <summary>The rows that come next are those of a file.</summary>
    public void Begin(int source)
    {
        lock (_gate)
        {
            _upload.Current.BeginSource(source);
        }
    }

    /// <summary>A file was read to its end.</summary>
    public void End(int source)
    {
        if (source >= 0)
        {
            lock (_gate)
            {
                _upload.Current.Spool!.EndSource(source);
            }
        }
    }

    /// <summary>The record that keeps a file for another time.</summary>
    /// <returns>The record's file; null if nothing keeps it.</returns>
    public string? RecordOf(int source) => source < 0 ? null : _upload.Current.Spool!.RecordFile;

    private static SpoolSource? SourceOf(string file)
    {
        try
        {
            return EventFile.CanRead(file) ? SpoolSource.Of(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
