using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LlmObs.Client.Records;

/// <summary>
/// Takes the records for one dataset. They are held until the input ends, or until they are too many for requests of JSON: then
/// they go to a temporary file, and that is uploaded as one. Used by one thread at a time.
/// </summary>
public sealed class RecordIntake : IRecordSink, IDisposable
{
    private const int MostShown = 4000; // bytes

    private readonly LlmObsClient _client;
    private readonly RecordIntakeSettings _settings;
    private readonly IRecordIntakeListener _listener;
    private readonly List<(RecordText Record, RowPlace Place)> _held = [];
    private readonly HashSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly RepeatedProblems _repeats = new();
    private readonly long _started;
    private RecordCsvFile? _file;
    private long _heldBytes;
    private long _created;
    private long _skipped;
    private long _failed;
    private long _requests;

    /// <summary>Makes an intake.</summary>
    /// <param name="client">Sends the requests.</param>
    /// <param name="settings">The dataset and the options.</param>
    /// <param name="listener">Receives the progress.</param>
    public RecordIntake(LlmObsClient client, RecordIntakeSettings settings, IRecordIntakeListener listener)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _settings = settings;
        _listener = listener;
        _started = client.Options.Time.GetTimestamp();
    }

    /// <inheritdoc/>
    /// <exception cref="RecordFileException">The temporary file can't be written; nothing was sent.</exception>
    public void Take(RecordText record, RowPlace place)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_file is not null)
        {
            Add(record);
            return;
        }

        _held.Add((record, place));
        _heldBytes += record.ByteCount;

        // Only an upload accepts ids and tags and skips existing records.
        if (_heldBytes > _settings.UploadThreshold || (_settings.Deduplicate && record.HasIdOrTags))
        {
            UseFile(() => _file = new RecordCsvFile());
            UseFile(() => _held.ForEach(one => _file!.Add(one.Record)));
            _held.Clear();
        }
    }

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
        _failed++;
        if (_repeats.IsNew(place, problem))
        {
            _listener.OnRefused(new RefusedRecords(place, problem) { Text = text });
        }
    }

    /// <inheritdoc/>
    public void Ignore(string? source, IReadOnlyList<string> names)
    {
        string[] news = [.. names.Where(name => _ignored.Add($"{source}\n{name}"))];
        if (news.Length > 0)
        {
            _listener.OnIgnored(source, news);
        }
    }

    /// <inheritdoc/>
    public void Warn(string warning) => _listener.OnTrouble(warning);

    /// <summary>The input has ended: reports the counted problems.</summary>
    /// <returns>The requests with the records; each is sent or skipped before the next is made.</returns>
    /// <exception cref="RecordFileException">The temporary file can't be written; nothing was sent.</exception>
    public IEnumerable<RecordsRequest> Finish()
    {
        foreach ((RowPlace last, long count, EventRowException problem) in _repeats.TakeRest())
        {
            _listener.OnRefused(new RefusedRecords(last, problem) { Count = count, AreRest = true });
        }

        return _file is null ? Batches().Select(RequestOf) : UploadOf(_file);
    }

    /// <summary>The result so far.</summary>
    /// <returns>The counts; null if no request was sent and no row has failed.</returns>
    public RecordResult? Result() => _requests == 0 && _failed == 0 ? null : new RecordResult
    {
        DatasetId = _settings.DatasetId,
        ProjectId = _settings.ProjectId,
        CreatedCount = _created,
        SkippedCount = _skipped,
        FailedCount = _failed,
        RequestCount = _requests,
        IsUpload = _file is not null,
        Elapsed = _client.Options.Time.GetElapsedTime(_started),
    };

    /// <summary>Deletes the temporary file.</summary>
    public void Dispose() => _file?.Dispose();

    private IEnumerable<(RecordText Record, RowPlace Place)[]> Batches()
    {
        var batch = new List<(RecordText Record, RowPlace Place)>();
        int bytes = 0;
        foreach ((RecordText Record, RowPlace Place) one in _held)
        {
            if (batch.Count > 0 && (batch.Count == _settings.BatchSize || bytes + one.Record.ByteCount > _settings.MaxBatchBytes))
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

    private RecordsRequest RequestOf((RecordText Record, RowPlace Place)[] batch)
    {
        RecordText[] records = [.. batch.Select(one => one.Record)];
        ApiCall<IReadOnlyList<DatasetRecord>?> call = _client.AddRecords(_settings.ProjectId, _settings.DatasetId, records, _settings.Deduplicate);
        return new RecordsRequest(
            records.Length,
            () => $"{call.Method} {call.Address} {Preview(call.Body.Span)}",
            cancellation => SendAsync(
                records.Length,
                async () => (await call.SendAsync(_listener, cancellation).ConfigureAwait(false))?.Count ?? records.Length,
                failure => new FailedRecords(_settings.DatasetId, failure, TextsOf(records)) { First = batch[0].Place, Last = batch[^1].Place }));
    }

    private IEnumerable<RecordsRequest> UploadOf(RecordCsvFile file)
    {
        UseFile(() => file.OpenRead().Dispose());
        RecordUploadCall call = _client.UploadRecords(
            _settings.ProjectId, _settings.DatasetId, file.OpenRead, new RecordUploadOptions { Deduplicate = _settings.Deduplicate });
        yield return new RecordsRequest(
            file.Count,
            () => string.Create(CultureInfo.InvariantCulture, $"POST {call.Address} (a file of {file.Count} records, {file.ByteCount} bytes) {file.Preview(MostShown)}"),
            cancellation => SendAsync(
                file.Count,
                async () =>
                {
                    long? made = await call.SendAsync(_listener.OnWritten, _listener, cancellation).ConfigureAwait(false);
                    if (made is null)
                    {
                        _listener.OnTrouble(WarningTexts.UploadNotCounted(file.Count));
                    }

                    return made ?? file.Count;
                },
                failure => new FailedRecords(_settings.DatasetId, failure, TextsOf(file.ReadBack()))))
        {
            IsUpload = true,
        };
    }

    private async Task SendAsync(int count, Func<Task<long>> send, Func<LlmObsException, FailedRecords> failed)
    {
        _requests++;
        try
        {
            long made = await send().ConfigureAwait(false);
            _created += made;
            _skipped += Math.Max(0, count - made);
        }
        catch (LlmObsException e)
        {
            _failed += count;
            _listener.OnFailed(failed(e));
        }
    }

    // For each record: without the objects that a lambda is.
    private void Add(RecordText record)
    {
        try
        {
            _file!.Add(record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoFile(e);
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
            throw NoFile(e);
        }
    }

    private RecordFileException NoFile(Exception reason) =>
        new(reason, TextsOf(_held.Count > 0 ? _held.Select(one => one.Record) : _file?.ReadBack() ?? []));

    private static string[] TextsOf(IEnumerable<RecordText> records) => [.. records.Select(record => record.ToString())];

    private static string Preview(ReadOnlySpan<byte> body) =>
        body.Length <= MostShown ? Encoding.UTF8.GetString(body) : Encoding.UTF8.GetString(body[..MostShown]) + "…";
}

/// <summary>One request with records of a dataset.</summary>
public sealed class RecordsRequest
{
    private readonly Func<string> _describe;
    private readonly Func<CancellationToken, Task> _send;

    internal RecordsRequest(int count, Func<string> describe, Func<CancellationToken, Task> send)
    {
        Count = count;
        _describe = describe;
        _send = send;
    }

    /// <summary>The number of records in it.</summary>
    public int Count { get; }

    /// <summary>True if it uploads a file, which takes the service some time.</summary>
    public bool IsUpload { get; internal init; }

    /// <summary>The request in words, cut short.</summary>
    /// <returns>Its method, address and body.</returns>
    public string Describe() => _describe();

    /// <summary>Sends it. A failure is counted and reported to the listener.</summary>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>When it is answered.</returns>
    public Task SendAsync(CancellationToken cancellation) => _send(cancellation);
}

/// <summary>The temporary file for an upload of records can't be written or read.</summary>
/// <param name="reason">The system's error.</param>
/// <param name="json">The records that were taken so far, a JSON text each.</param>
public sealed class RecordFileException(Exception reason, IReadOnlyList<string> json) : IOException(reason?.Message, reason)
{
    /// <summary>The records that were taken so far, a JSON text each.</summary>
    public IReadOnlyList<string> Json { get; } = json;
}

/// <summary>Receives the progress of a <see cref="RecordIntake"/>. Calls about a request come from any thread.</summary>
public interface IRecordIntakeListener : IRequestObserver
{
    /// <summary>Rows are no records; they are counted as failed.</summary>
    /// <param name="rows">Which, and why.</param>
    void OnRefused(RefusedRecords rows);

    /// <summary>Columns that are no field of a record, and are not sent; each is named once.</summary>
    /// <param name="source">The file; null if the rows are of none.</param>
    void OnIgnored(string? source, IReadOnlyList<string> names);

    /// <summary>Records did not get there.</summary>
    /// <param name="records">Which, and why.</param>
    void OnFailed(FailedRecords records);

    /// <summary>The service has written so many records of the file that is uploaded.</summary>
    /// <param name="count">The number so far.</param>
    void OnWritten(long count);

    /// <summary>Something that the user should know, and that is no failure of a record.</summary>
    /// <param name="message">The message, in sentences.</param>
    void OnTrouble(string message);
}

/// <summary>Rows that are no records, for one reason.</summary>
/// <param name="Place">The place of the row; of several the last.</param>
public sealed record RefusedRecords(RowPlace Place, EventRowException Problem)
{
    /// <summary>The row's text, if it is known.</summary>
    public string? Text { get; init; }

    /// <summary>The number of rows.</summary>
    public long Count { get; init; } = 1;

    /// <summary>True if rows before them had the same fault and were reported one by one; these were only counted.</summary>
    public bool AreRest { get; init; }
}

/// <summary>Records that failed with their request.</summary>
/// <param name="DatasetId">Their dataset.</param>
/// <param name="Json">The records, a JSON text each, as they can be added again.</param>
public sealed record FailedRecords(string DatasetId, LlmObsException Failure, IReadOnlyList<string> Json)
{
    /// <summary>The row of the first; null for an uploaded file.</summary>
    public RowPlace? First { get; init; }

    /// <summary>The row of the last; null for an uploaded file.</summary>
    public RowPlace? Last { get; init; }
}

/// <summary>The dataset and the options of an intake.</summary>
/// <param name="ProjectId">The dataset's project.</param>
/// <param name="DatasetId">The dataset.</param>
public sealed record RecordIntakeSettings(string ProjectId, string DatasetId)
{
    /// <summary>True if records whose input is in the dataset already are passed over.</summary>
    public bool Deduplicate { get; init; }

    /// <summary>The most records of a request.</summary>
    public int BatchSize { get; init; }

    /// <summary>The most bytes of a request's records; a single record over it is sent alone.</summary>
    public int MaxBatchBytes { get; init; }

    /// <summary>From how many bytes on records are uploaded as a file.</summary>
    public long UploadThreshold { get; init; }
}
