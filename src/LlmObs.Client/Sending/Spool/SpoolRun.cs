using System.Globalization;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// The requests of one call for one experiment, and the record of its sources. It is held by one process at a time: its
/// lock dies with the process.
/// </summary>
public sealed class SpoolRun : IDisposable
{
    private readonly SpoolFile _files;
    private readonly FileStream _hold;
    private readonly string _stem;
    private readonly Action<string, string> _setAside;
    private bool _isGivenBack;

    internal SpoolRun(SpoolFile files, FileStream hold, string stem, SpoolManifest? record, Action<string, string> setAside)
    {
        _setAside = setAside;
        _files = files;
        _hold = hold;
        _stem = stem;
        Record = record;
    }

    /// <summary>The run's name, which begins with the time of its beginning.</summary>
    public string Name => Path.GetFileName(_stem);

    /// <summary>The sources that it reads; null if all of them are in requests.</summary>
    public SpoolManifest? Record { get; private set; }

    /// <summary>The files of the requests that are not answered, in order.</summary>
    public IReadOnlyList<string> Requests =>
        [.. OwnFiles().Where(file => SpoolName.IsRequest(Path.GetFileName(file))).Order(StringComparer.Ordinal)];

    /// <summary>The file of the record, while there is one.</summary>
    public string RecordFile => _stem + SpoolName.RecordEnding;

    /// <summary>Files are about to be read, in this order.</summary>
    /// <param name="sources">The files.</param>
    /// <param name="arePiped">True if more may follow.</param>
    /// <returns>The number of the first of them among the run's sources.</returns>
    /// <exception cref="SpoolException">That could not be written down.</exception>
    public int AddSources(IEnumerable<SpoolSource> sources, bool arePiped)
    {
        int first = Record!.Sources.Count;
        Change(Record with { Sources = [.. Record.Sources, .. sources], SourcesArePiped = Record.SourcesArePiped || arePiped });
        return first;
    }

    /// <summary>
    /// A file was read to its end. That is written down with the next request: a file that is read once more is passed over up
    /// to its last event.
    /// </summary>
    /// <param name="source">Its number among the run's sources.</param>
    public void EndSource(int source)
    {
        SpoolSource[] sources = [.. Record!.Sources];
        sources[source] = sources[source] with { IsRead = true };
        Record = Record with { Sources = sources };
    }

    /// <summary>Events come through the pipeline.</summary>
    /// <exception cref="SpoolException">That could not be written down.</exception>
    public void AddPipeline()
    {
        if (!Record!.FromPipeline)
        {
            Change(Record with { FromPipeline = true });
        }
    }

    /// <summary>
    /// Nothing more is read now. If all files were read to their ends, everything is in requests, and the record is deleted;
    /// otherwise it stays, so that the rest can be read later.
    /// </summary>
    /// <exception cref="SpoolException">That could not be written down.</exception>
    public void Close()
    {
        if (Record is { } record && !record.Sources.All(source => source.IsRead))
        {
            Change(record with { FromPipeline = false, SourcesArePiped = false });
            return;
        }

        Delete(RecordFile);
        Record = null;
    }

    /// <summary>Releases the run; if nothing is left of it, its last file is deleted.</summary>
    public void Dispose()
    {
        if (_isGivenBack)
        {
            return;
        }

        _isGivenBack = true;
        bool isEmpty = Record is null && Requests.Count == 0;
        _hold.Dispose();
        if (isEmpty)
        {
            try
            {
                File.Delete(_hold.Name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An empty file too many does no harm.
            }
        }
    }

    /// <summary>The experiment and address of the run, from its record or else its first request.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="address">The address of the service.</param>
    /// <returns>False if nothing is left of it.</returns>
    /// <exception cref="SpoolException">No file of it can be read.</exception>
    public bool TryGetTarget(out string experimentId, out string address)
    {
        (experimentId, address) = (Record?.ExperimentId ?? string.Empty, Record?.Address ?? string.Empty);
        if (experimentId.Length > 0)
        {
            return true;
        }

        SpoolException? unreadable = null;
        foreach (string request in Requests)
        {
            try
            {
                if (Read(request) is ({ } header, EventBatch batch))
                {
                    batch.Dispose();
                    (experimentId, address) = (header.ExperimentId, header.Address);
                    return true;
                }
            }
            catch (SpoolException e)
            {
                unreadable ??= e; // said of each when they are sent; another may be readable
            }
        }

        return unreadable is null ? false : throw unreadable;
    }

    /// <summary>Reads a request, to be sent.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="stream">The stream of its experiment.</param>
    /// <returns>The request; null if its file was truncated or altered, and was set aside.</returns>
    /// <exception cref="SpoolException">The file can't be read, or is of another version; it stays as it is.</exception>
    public ReadyBatch? Load(string path, EventBatcher stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Tally.Start();
        return Read(path) is ({ } header, EventBatch batch)
            ? new ReadyBatch(stream, batch) { Spooled = new SpoolEntry(this, path, batch, header) }
            : null;
    }

    /// <summary>
    /// Makes a batch durable. First the request, then the record: if the process ends between the two, the request's own
    /// events are counted when the run is opened again.
    /// </summary>
    /// <exception cref="SpoolException">It could not be written; the batch is as it was.</exception>
    internal SpoolEntry Add(EventBatch batch)
    {
        int number = Record!.RequestCount + 1;
        var entry = new SpoolEntry(this, PathOf(number), batch, new SpooledHeader(Record.ExperimentId, Record.Address, Attempts: 0));
        entry.Write();
        Count(batch);
        return entry;
    }

    /// <summary>Takes over the files that another process has left.</summary>
    internal void Recover()
    {
        foreach (string unfinished in OwnFiles().Where(file => SpoolName.IsUnfinished(Path.GetFileName(file))))
        {
            Quarantine(unfinished, "the process ended while it was written");
        }

        try
        {
            Record = File.Exists(RecordFile) ? SpoolManifest.Read(RecordFile, SpoolFile.Read(RecordFile).Span) : null;
        }
        catch (InvalidDataException e)
        {
            Quarantine(RecordFile, e.Message);
        }

        CountUnrecorded();
    }

    /// <summary>A request that was written when the process ended, before the record was.</summary>
    private void CountUnrecorded()
    {
        while (Record is not null && PathOf(Record.RequestCount + 1) is string path && File.Exists(path) && Read(path) is (_, EventBatch batch))
        {
            using (batch)
            {
                Count(batch);
            }
        }
    }

    /// <summary>Reads a request back; one that is torn or was altered is set aside.</summary>
    private (SpooledHeader Header, EventBatch Batch)? Read(string path)
    {
        var batch = new EventBatch();
        try
        {
            return (SpooledRequest.Read(path, SpoolFile.Read(path), batch), batch);
        }
        catch (InvalidDataException e)
        {
            batch.Dispose();
            Quarantine(path, e.Message);
            return null;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    internal void Write(string path, BatchSlice events, SpooledHeader header, LlmObsException? failure) =>
        _files.Write(path, SpooledRequest.Write(events, header, failure).Span);

    /// <exception cref="SpoolException">The file could not be deleted.</exception>
    internal void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException(path, e);
        }
    }

    private void Count(EventBatch batch) => Change(Record!.With(batch));

    private string[] OwnFiles() =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(_stem)!).Where(file => SpoolName.RunOf(Path.GetFileName(file)) == Name)];

    /// <summary>The user wants a batch not to be sent; it counts as done.</summary>
    internal void LeaveOut(EventBatch batch)
    {
        if (Record is not null)
        {
            Count(batch);
        }
    }

    private void Quarantine(string file, string reason)
    {
        string target = file + SpoolName.DamagedEnding;
        try
        {
            for (int number = 2; File.Exists(target); number++)
            {
                target = string.Create(CultureInfo.InvariantCulture, $"{file}.{number}{SpoolName.DamagedEnding}");
            }

            File.Move(file, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException(file, e);
        }

        _setAside(target, reason);
    }

    private void Change(SpoolManifest record)
    {
        _files.Write(RecordFile, record.ToJson());
        Record = record;
    }

    private string PathOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_stem}.{number:D9}{SpoolName.RequestEnding}");
}
