namespace LlmObs.Emulator.Catalog;

/// <summary>A request to change a dataset's records, checked as far as possible without the dataset.</summary>
internal sealed record RecordRequest
{
    /// <summary>The types of bodies about records: the first as documented, the second as recorded.</summary>
    private static readonly string[] RecordTypes = ["records", "datasets"];
    private static readonly string[] BatchTypes = ["datasets"];

    public IReadOnlyList<RecordDraft> Inserts { get; init; } = [];

    public IReadOnlyList<RecordDraft> Updates { get; init; } = [];

    public IReadOnlyList<string> RemovedIds { get; init; } = [];

    /// <summary>True to skip records whose input already exists.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>True if a new record replaces one with its id; otherwise it is skipped.</summary>
    public bool Overwrites { get; init; } = true;

    public bool CreatesVersion { get; init; } = true;

    /// <summary>Tags for every new record, in addition to its own.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public static Problem? ReadCreation(byte[] body, out RecordRequest request) => Read(body, RecordTypes, ReadCreation, out request);

    public static Problem? ReadUpdate(byte[] body, out RecordRequest request) => Read(body, RecordTypes, ReadUpdate, out request);

    public static Problem? ReadDeletion(byte[] body, out RecordRequest request) => Read(body, RecordTypes, ReadDeletion, out request);

    public static Problem? ReadBatch(byte[] body, out RecordRequest request) => Read(body, BatchTypes, ReadBatch, out request);

    private static Problem? ReadCreation(JsonFields attributes, ref RecordRequest request)
    {
        bool? deduplicate = null;
        IReadOnlyList<RecordDraft> records = [];
        Problem? problem = attributes.Required("records", out _)
            ?? RecordDraft.ReadList(attributes, "records", isNew: true, out records)
            ?? attributes.Boolean("deduplicate", out deduplicate);
        request = new RecordRequest { Inserts = records, Deduplicates = deduplicate ?? true };
        return problem;
    }

    private static Problem? ReadUpdate(JsonFields attributes, ref RecordRequest request)
    {
        IReadOnlyList<RecordDraft> records = [];
        Problem? problem = attributes.Required("records", out _) ?? RecordDraft.ReadList(attributes, "records", isNew: false, out records);
        request = new RecordRequest { Updates = records };
        return problem;
    }

    private static Problem? ReadDeletion(JsonFields attributes, ref RecordRequest request)
    {
        Problem? problem = attributes.RequiredTexts("record_ids", out IReadOnlyList<string> ids);
        request = new RecordRequest { RemovedIds = ids };
        return problem;
    }

    private static Problem? ReadBatch(JsonFields attributes, ref RecordRequest request)
    {
        IReadOnlyList<RecordDraft> inserts = [], updates = [];
        IReadOnlyList<string>? removed = null, tags = null;
        bool? version = null, deduplicate = null;
        Problem? problem = RecordDraft.ReadList(attributes, "insert_records", isNew: true, out inserts)
            ?? RecordDraft.ReadList(attributes, "update_records", isNew: false, out updates)
            ?? attributes.Texts("delete_records", out removed)
            ?? attributes.Texts("tags", out tags)
            ?? attributes.Boolean("deduplicate", out deduplicate)
            ?? attributes.Boolean("create_new_version", out version);
        request = new RecordRequest
        {
            Inserts = inserts,
            Updates = updates,
            RemovedIds = removed ?? [],
            Tags = tags ?? [],
            Deduplicates = deduplicate ?? false,
            CreatesVersion = version ?? true,
        };
        return problem;
    }

    private static Problem? Read(byte[] body, string[] types, Reader read, out RecordRequest request)
    {
        var found = new RecordRequest();
        Problem? problem = BodyReader.Read(body, types, attributes => read(attributes, ref found));
        request = found;
        return problem;
    }

    private delegate Problem? Reader(JsonFields attributes, ref RecordRequest request);
}
