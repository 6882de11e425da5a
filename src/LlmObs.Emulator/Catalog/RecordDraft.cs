using System.Text.Json;

namespace LlmObs.Emulator.Catalog;

/// <summary>A record to add or change, with the fields that the request gives.</summary>
internal sealed record RecordDraft
{
    private const int MostIdLetters = 128;

    /// <summary>The sender's own id; null if the emulator has to make one.</summary>
    public string? Id { get; init; }

    public Optional<StoredJson?> Input { get; init; }

    public Optional<StoredJson?> ExpectedOutput { get; init; }

    public Optional<StoredJson?> Metadata { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<string>? RemoveTags { get; init; }

    public IReadOnlyList<string>? AddTags { get; init; }

    public IReadOnlyList<string>? SetTags { get; init; }

    /// <summary>The JSON pointer to it, for errors; null if it came from a file.</summary>
    public string? Pointer { get; init; }

    /// <summary>Reads the records of a list.</summary>
    /// <param name="attributes">The object with the list.</param>
    /// <param name="name">The list's name.</param>
    /// <param name="isNew">True for records to add, which need an input; false for changes, which need an id.</param>
    /// <param name="drafts">The records.</param>
    public static Problem? ReadList(JsonFields attributes, string name, bool isNew, out IReadOnlyList<RecordDraft> drafts)
    {
        var read = new List<RecordDraft>();
        drafts = read;
        if (attributes.Objects(name, out IReadOnlyList<JsonFields> items) is { } problem)
        {
            return problem;
        }

        foreach (JsonFields item in items)
        {
            if (Read(item, isNew, out RecordDraft? draft) is { } flaw)
            {
                return flaw;
            }

            read.Add(draft!);
        }

        return null;
    }

    /// <summary>The record that comes of it.</summary>
    /// <param name="before">The record to change; null for a new one.</param>
    /// <param name="at">The time of the change.</param>
    public StoredRecord ToRecord(StoredRecord? before, DateTimeOffset at) => new()
    {
        Id = before?.Id ?? Id ?? RandomIds.New(),
        InputJson = Input.Or(before?.InputJson)!.Value,
        ExpectedJson = ExpectedOutput.Or(before?.ExpectedJson),
        MetadataJson = Metadata.Or(before?.MetadataJson),
        Tags = SetTags ?? TagsAfter(Tags ?? before?.Tags ?? []),
        CreatedAt = before?.CreatedAt ?? at,
        UpdatedAt = at,
    };

    private IReadOnlyList<string> TagsAfter(IReadOnlyList<string> tags) =>
        tags.Count == 0 && AddTags is null ? [] : [.. tags.Except(RemoveTags ?? []).Union(AddTags ?? [])];

    private static Problem? Read(JsonFields item, bool isNew, out RecordDraft? draft)
    {
        draft = null;
        string? id = null;
        JsonElement? metadata = null;
        IReadOnlyList<string>? tags = null;
        JsonElement? operations = null;
        Problem? problem = (isNew ? item.Required("input", out _) : item.RequiredText("id", out _))
            ?? item.Text("id", out id)
            ?? item.Object("metadata", out metadata)
            ?? item.Texts("tags", out tags)
            ?? item.Object("tag_operations", out operations);
        if (problem is null && isNew && id is not null && !IsId(id))
        {
            problem = Problem.BadRequest(
                FormattableString.Invariant($"An 'id' is 1 to {MostIdLetters} of the letters A-Z, a-z, 0-9, '_', '.' and '-', not '{id}'."), item.PointerTo("id"));
        }

        if (problem is not null)
        {
            return problem;
        }

        var operationFields = new JsonFields(operations ?? JsonDocument.Parse("{}").RootElement, item.PointerTo("tag_operations"));
        IReadOnlyList<string>? remove = null, add = null, set = null;
        problem = operationFields.Texts("remove", out remove) ?? operationFields.Texts("add", out add) ?? operationFields.Texts("set", out set);
        draft = new RecordDraft
        {
            Id = id,
            Input = Given(item.Any("input")),
            ExpectedOutput = Given(item.Any("expected_output")),
            Metadata = Given(metadata),
            Tags = tags,
            RemoveTags = remove,
            AddTags = add,
            SetTags = set,
            Pointer = item.PointerTo("id"),
        };
        return problem;
    }

    // Null leaves a field as it is, as the live service was seen to do.
    private static Optional<StoredJson?> Given(JsonElement? value) => value is null ? default(Optional<StoredJson?>) : StoredJson.Of(value);

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MostIdLetters && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}
