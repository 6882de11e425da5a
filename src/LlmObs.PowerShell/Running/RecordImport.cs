using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Adds piped rows and records to a dataset, so that a run can use it. An existing record with the same
/// input, expected output and metadata is used unchanged.
/// </summary>
internal sealed class RecordImport(LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client)
{
    private const int BatchSize = 1000;
    private const int MaxBatchBytes = 4 * 1024 * 1024;
    private const long UploadThreshold = 5 * 1024 * 1024;

    private readonly Dictionary<string, DatasetRecord> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DatasetRecord> _byContent = new(StringComparer.Ordinal);
    private readonly List<(RecordText Record, RowPlace Place)> _missing = [];

    /// <summary>True if the dataset has new records.</summary>
    public bool HasAdded { get; private set; }

    /// <summary>Adds the missing records.</summary>
    /// <param name="piped">The piped records and rows.</param>
    /// <param name="projectId">The dataset's project.</param>
    /// <param name="datasetId">The dataset.</param>
    /// <param name="isWhatIf">True to add nothing, and only count the records.</param>
    /// <returns>The dataset's records for all piped ones, each once; null if some of them are missing, which was then reported.</returns>
    public IReadOnlyList<DatasetRecord>? Bring(IReadOnlyList<PipedRecord> piped, string projectId, string datasetId, bool isWhatIf)
    {
        if (piped.All(one => one.Record?.DatasetId == datasetId))
        {
            return [.. piped.Select(one => one.Record!).DistinctBy(record => record.Id, StringComparer.Ordinal)];
        }

        ReadDataset(projectId, datasetId);
        List<DatasetRecord> records = [.. piped.Select(one => one.Record?.DatasetId == datasetId ? one.Record! : Find(one, projectId, datasetId))];
        return _missing.Count == 0 || TryAdd(projectId, datasetId) || isWhatIf ? [.. records.DistinctBy(record => record.Id, StringComparer.Ordinal)] : null;
    }

    private void ReadDataset(string projectId, string datasetId)
    {
        foreach (DatasetRecord record in bridge.Each(client.ListRecords(projectId, datasetId).ReadAsync(observer: new VerboseObserver(bridge))).SelectMany(page => page.Items))
        {
            Note(record, ContentOf(record));
        }
    }

    private DatasetRecord Find(PipedRecord piped, string projectId, string datasetId)
    {
        RecordText text = piped.Row ?? TextOf(piped.Record!);
        string content = ContentOf(text);
        if (text.Id is null ? _byContent.TryGetValue(content, out DatasetRecord? known) : _byId.TryGetValue(text.Id, out known) && ContentOf(known) == content)
        {
            return known;
        }

        text = text with { Id = text.Id ?? NewId(content) };
        _missing.Add((text, piped.Place));
        var record = new DatasetRecord
        {
            Id = text.Id,
            Input = JsonSnapshot.Read(new RawJson(text.Input)),
            ExpectedOutput = JsonSnapshot.Read(new RawJson(text.ExpectedOutput)),
            Metadata = JsonSnapshot.Read(new RawJson(text.Metadata)),
            Tags = text.Tags,
            DatasetId = datasetId,
            ProjectId = projectId,
        };
        Note(record, content);
        return record;
    }

    // The same content gets the same id, so that a request that is sent again, or by several machines, makes nothing twice. One
    // that was made so and changed since is another record, and stays as it is.
    private string NewId(string content)
    {
        for (int number = 0; ; number++)
        {
            byte[] digest = CanonicalJson.DigestOf(RawJson.OfText(content), RawJson.Of(number));
            string id = new Guid(digest.AsSpan(0, 16), bigEndian: true).ToString();
            if (!_byId.ContainsKey(id))
            {
                return id;
            }
        }
    }

    private void Note(DatasetRecord record, string content)
    {
        _byId[record.Id] = record;
        _byContent.TryAdd(content, record);
    }

    private bool TryAdd(string projectId, string datasetId)
    {
        var settings = new RecordIntakeSettings(projectId, datasetId) { BatchSize = BatchSize, MaxBatchBytes = MaxBatchBytes, UploadThreshold = UploadThreshold };
        using var intake = new RecordIntakeHost(cmdlet, bridge, client, settings);
        _missing.ForEach(one => intake.Take(one.Record, one.Place));
        RecordResult? result = intake.Complete();
        HasAdded = result is { CreatedCount: > 0 };
        return result is { FailedCount: 0 };
    }

    private static string ContentOf(RecordText text) => ContentOf(new RawJson(text.Input), new RawJson(text.ExpectedOutput), new RawJson(text.Metadata));

    private static string ContentOf(DatasetRecord record) => ContentOf(TextOf(record));

    private static string ContentOf(RawJson input, RawJson expected, RawJson metadata) =>
        Convert.ToHexString(CanonicalJson.DigestOf(input, WithoutNothing(expected), WithoutNothing(metadata)));

    // The service sends no member for an empty value, and the SDKs send these to mark it.
    private static RawJson WithoutNothing(RawJson value) => value.Utf8.Span.SequenceEqual("null"u8) || value.Utf8.Span.SequenceEqual("{}"u8) ? default : value;

    private static RecordText TextOf(DatasetRecord record) => new(JsonSnapshot.Of(record.Input).Utf8)
    {
        ExpectedOutput = record.ExpectedOutput is null ? default : JsonSnapshot.Of(record.ExpectedOutput).Utf8,
        Metadata = record.Metadata is null ? default : JsonSnapshot.Of(record.Metadata).Utf8,
        Tags = record.Tags,
    };
}
