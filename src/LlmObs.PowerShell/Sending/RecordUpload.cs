using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace LlmObs.PowerShell.Sending;

/// <summary>
/// The records of one call of Add-LlmObsDatasetRecord for one dataset. They are held until the input ends, or until there
/// are too many for requests of JSON: then they go to a temporary file, and that is uploaded as one.
/// </summary>
internal sealed class RecordUpload(
    LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client, RecordUploadSettings settings, Func<Func<string>, bool> confirm) : IRecordSink, IDisposable
{
    private const int MostShown = 4000; // bytes

    private readonly List<(RecordText Record, RowPlace Place)> _held = [];
    private readonly HashSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly RepeatedProblems _repeats = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private RecordCsvFile? _file;
    private long _heldBytes;
    private long _created;
    private long _skipped;
    private long _failed;
    private long _requests;
    private bool _anySent;

    /// <summary>The piped object that rows now come from; null for a file.</summary>
    public PSObject? Source { get; set; }

    public void Take(RecordText record, RowPlace place)
    {
        if (bridge.Stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        if (_file is null)
        {
            _held.Add((record, place));
            _heldBytes += record.ByteCount;

            // Only an upload takes ids and tags and passes over what is there.
            if (_heldBytes > settings.UploadThreshold || (settings.Deduplicate && record.HasIdOrTags))
            {
                UseFile(() => _file = new RecordCsvFile());
                UseFile(() => _held.ForEach(one => _file!.Add(one.Record)));
                _held.Clear();
            }
        }
        else
        {
            UseFile(() => _file.Add(record));
        }
    }

    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        _failed++;
        if (_repeats.IsNew(place, problem))
        {
            cmdlet.WriteError(Failures.InvalidRecord(place, problem, (object?)Source ?? text));
        }
    }

    public void Ignore(string? source, IReadOnlyList<string> names)
    {
        string[] unsaid = [.. names.Where(name => _ignored.Add($"{source}\n{name}"))];
        if (unsaid.Length > 0)
        {
            string where = source is null ? string.Empty : $" of {source}";
            cmdlet.WriteWarning($"{string.Join(", ", unsaid.Select(name => $"'{name}'"))}{where} {(unsaid.Length == 1 ? "is no field" : "are no fields")} of a record, and {(unsaid.Length == 1 ? "is" : "are")} not sent. See -InputColumn, -ExpectedColumn and -MetadataColumn.");
        }
    }

    public void Warn(string warning) => cmdlet.WriteWarning(warning);

    /// <summary>Sends what was taken.</summary>
    /// <returns>What came of it; null where nothing was sent and nothing failed.</returns>
    public RecordResult? Complete()
    {
        foreach ((RowPlace last, long count, EventRowException problem) in _repeats.TakeRest())
        {
            cmdlet.WriteError(Failures.RepeatedEvents(last, count, problem));
        }

        if (_file is not null)
        {
            Upload(_file);
        }
        else
        {
            foreach ((RecordText Record, RowPlace Place)[] batch in Batches())
            {
                Send(batch);
            }
        }

        return !_anySent && _failed == 0 ? null : new RecordResult
        {
            DatasetId = settings.DatasetId,
            ProjectId = settings.ProjectId,
            CreatedCount = _created,
            SkippedCount = _skipped,
            FailedCount = _failed,
            RequestCount = _requests,
            IsUpload = _file is not null,
            Elapsed = _watch.Elapsed,
        };
    }

    public void Dispose() => _file?.Dispose();

    private IEnumerable<(RecordText Record, RowPlace Place)[]> Batches()
    {
        var batch = new List<(RecordText Record, RowPlace Place)>();
        int bytes = 0;
        foreach ((RecordText Record, RowPlace Place) one in _held)
        {
            if (batch.Count > 0 && (batch.Count == settings.BatchSize || bytes + one.Record.ByteCount > settings.MaxBatchBytes))
            {
                yield return [.. batch];
                batch.Clear();
                bytes = 0;
            }

            batch.Add(one);
            bytes += one.Record.ByteCount;
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private void Send((RecordText Record, RowPlace Place)[] batch)
    {
        RecordText[] records = [.. batch.Select(one => one.Record)];
        ApiCall<IReadOnlyList<DatasetRecord>?> call = client.AddRecords(settings.ProjectId, settings.DatasetId, records, settings.Deduplicate);
        if (!confirm(() => $"{call.Method} {call.Address} {Preview(call.Body.Span)}"))
        {
            return;
        }

        _anySent = true;
        _requests++;
        try
        {
            IReadOnlyList<DatasetRecord>? made = bridge.Await(token => call.SendAsync(new VerboseObserver(bridge), token));
            Count(made?.Count ?? batch.Length, batch.Length);
        }
        catch (LlmObsException e)
        {
            ResolvedNameCache.Of(client).Heed(e);
            _failed += batch.Length;
            cmdlet.WriteError(Failures.RecordsNotAdded(e, settings.DatasetId, batch[0].Place, batch[^1].Place, [.. records.Select(record => record.ToString())]));
        }
    }

    // Nothing was sent before: either all of it can be gathered, or the caller has it back.
    private void UseFile(Action use)
    {
        try
        {
            use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string[] records = [.. (_held.Count > 0 ? _held.Select(one => one.Record) : _file?.ReadBack() ?? []).Select(record => record.ToString())];
            cmdlet.ThrowTerminatingError(Failures.NoTemporaryFile(e, records));
        }
    }

    private void Upload(RecordCsvFile records)
    {
        UseFile(() => records.OpenRead().Dispose());
        RecordUploadCall call = client.UploadRecords(settings.ProjectId, settings.DatasetId, records.OpenRead, new RecordUploadOptions { Deduplicate = settings.Deduplicate });
        if (!confirm(() => string.Create(CultureInfo.InvariantCulture, $"POST {call.Address} (a file of {records.Count} records, {records.ByteCount} bytes) {records.Preview(MostShown)}")))
        {
            return;
        }

        _anySent = true;
        _requests++;
        var progress = new RecordProgress(bridge, records.Count);
        progress.Begin();
        try
        {
            long? made = bridge.Await(token => call.SendAsync(progress.Say, new VerboseObserver(bridge), token));
            if (made is null)
            {
                cmdlet.WriteWarning($"The service took the file of {records.Count} records without saying how many of them it added; all are counted as added.");
            }

            Count(made ?? records.Count, records.Count);
        }
        catch (LlmObsException e)
        {
            ResolvedNameCache.Of(client).Heed(e);
            _failed += records.Count;
            cmdlet.WriteError(Failures.RecordsNotUploaded(e, settings.DatasetId, [.. records.ReadBack().Select(record => record.ToString())]));
        }
        finally
        {
            progress.End();
            bridge.Drain();
        }
    }

    private void Count(long made, long sent)
    {
        _created += made;
        _skipped += Math.Max(0, sent - made);
    }

    private static string Preview(ReadOnlySpan<byte> body) =>
        body.Length <= MostShown ? Encoding.UTF8.GetString(body) : Encoding.UTF8.GetString(body[..MostShown]) + "…";
}
