using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Journal;

/// <summary>
/// The lines of a journal: <c>{"at":…,"kind":…,"id":…,"name":…,"body":…}</c>. The body is the last member and
/// unchanged, so that a line is written and read without parsing it.
/// </summary>
internal static class JournalLine
{
    private static readonly (JournalKind Kind, string Word)[] Words =
    [
        (JournalKind.Create, "create"),
        (JournalKind.Update, "update"),
        (JournalKind.Delete, "delete"),
        (JournalKind.Events, "events"),
        (JournalKind.Project, "project"),
        (JournalKind.ProjectsRemoved, "projects-removed"),
        (JournalKind.Dataset, "dataset"),
        (JournalKind.DatasetsRemoved, "datasets-removed"),
        (JournalKind.Records, "records"),
    ];

    /// <summary>The first line: the kind of the file, and its format.</summary>
    public static ReadOnlySpan<byte> Marker => "{\"journal\":\"llmobs-emulator\",\"version\":1}"u8;

    /// <summary>The text before an entry's body.</summary>
    public static byte[] Head(JournalEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, BodyJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("at", entry.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("kind", WordOf(entry.Kind));
            json.WriteString("id", entry.Id);
            if (entry.Name is { } name)
            {
                json.WriteString("name", name);
            }

            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan[..^1], .. ",\"body\":"u8];
    }

    /// <summary>The text after it.</summary>
    public static ReadOnlyMemory<byte> Tail { get; } = "}\n"u8.ToArray();

    /// <summary>Reads a line; the body is found, not checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out JournalEntry? entry)
    {
        entry = null;
        try
        {
            return TryReadMembers(line, out entry);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadMembers(ReadOnlySpan<byte> line, out JournalEntry? entry)
    {
        entry = null;
        string? kind = null, id = null, name = null;
        DateTimeOffset? at = null;
        var reader = new Utf8JsonReader(line, BodyJson.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string member = reader.GetString()!;
            if (member == "body")
            {
                break;
            }

            reader.Read();
            string value = reader.GetString() ?? string.Empty;
            switch (member)
            {
                case "at":
                    at = Experiments.ServiceTime.TryParse(value, out DateTimeOffset time) ? time : null;
                    break;
                case "kind":
                    kind = value;
                    break;
                case "id":
                    id = value;
                    break;
                case "name":
                    name = value;
                    break;
                default:
                    return false;
            }
        }

        bool hasBody = reader.TokenType == JsonTokenType.PropertyName && line[^1] == '}';
        if (!hasBody || id is null || at is null || KindOf(kind) is not { } known || (known == JournalKind.Create && name is null))
        {
            return false;
        }

        byte[] body = line[(int)reader.BytesConsumed..^1].ToArray();
        entry = new JournalEntry(known, id, at.Value, body) { Name = name };
        return true;
    }

    private static string WordOf(JournalKind kind) => Words.Single(one => one.Kind == kind).Word;

    private static JournalKind? KindOf(string? word) =>
        Words.Where(one => one.Word == word).Select(one => (JournalKind?)one.Kind).FirstOrDefault();
}

/// <summary>One accepted write.</summary>
/// <param name="Kind">The kind of write.</param>
/// <param name="Id">The experiment; empty if the body names several.</param>
/// <param name="At">When it was accepted.</param>
/// <param name="Body">The request's body, without line breaks.</param>
internal sealed record JournalEntry(JournalKind Kind, string Id, DateTimeOffset At, byte[] Body)
{
    /// <summary>The name that a creation was given.</summary>
    public string? Name { get; init; }
}

/// <summary>The writes that a journal holds.</summary>
internal enum JournalKind
{
    Create,
    Update,
    Events,
    Project,
    ProjectsRemoved,
    Dataset,
    DatasetsRemoved,
    Records,
    Delete,
}
