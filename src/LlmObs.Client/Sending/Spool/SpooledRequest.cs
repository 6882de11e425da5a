using System.Buffers;
using System.Text.Json;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// The content of a request's file: a line of JSON with the destination of the events, the source and length of each,
/// and the state of their sending; then the events.
/// </summary>
internal static class SpooledRequest
{
    private const byte EndOfHeader = (byte)'\n';

    /// <summary>The content for some events of a batch.</summary>
    public static ReadOnlyMemory<byte> Write(BatchSlice events, SpooledHeader header, LlmObsException? failure)
    {
        var buffer = new ArrayBufferWriter<byte>(events.Batch.Bytes + (64 * events.Count));
        using (var json = new Utf8JsonWriter(buffer, JsonDefaults.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("experiment_id"u8, header.ExperimentId);
            json.WriteString("address"u8, header.Address);
            json.WriteNumber("attempts"u8, header.Attempts);
            json.WriteString("last_failure"u8, failure?.Kind.ToString());
            json.WriteNumber("last_status"u8, failure?.StatusCode ?? 0);
            WriteEvents(json, events);
            if (events.Count == events.Batch.Count)
            {
                WriteParts(json, events.Batch);
            }

            json.WriteEndObject();
        }

        buffer.Write([EndOfHeader]);
        for (int position = 0; position < events.Count; position++)
        {
            buffer.Write(events.Batch.Utf8(events[position]));
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Reads the content into a batch.</summary>
    /// <exception cref="SpoolException">It is whole, and none of this version.</exception>
    public static SpooledHeader Read(string path, ReadOnlyMemory<byte> content, EventBatch batch)
    {
        int end = content.Span.IndexOf(EndOfHeader);
        try
        {
            using var document = JsonDocument.Parse(content[..Math.Max(end, 0)]);
            JsonElement root = document.RootElement;
            string?[] sources = [.. root.GetProperty("sources").EnumerateArray().Select(source => source.GetString())];
            int at = end + 1;
            foreach (JsonElement item in root.GetProperty("events").EnumerateArray())
            {
                int length = item[1].GetInt32();
                var place = new RowPlace(sources[item[2].GetInt32()], item[3].GetInt64(), item[4].GetInt64());
                batch.Add(item[0].GetInt32() == 0 ? EventKind.Span : EventKind.Metric, content.Span.Slice(at, length), place);
                at += length;
            }

            foreach (JsonElement part in root.TryGetProperty("parts", out JsonElement parts) ? parts.EnumerateArray() : default)
            {
                batch.BeginPart(part[0].GetInt32(), part[1].GetInt32());
            }

            return at == content.Length && batch.Count > 0
                ? new SpooledHeader(root.GetProperty("experiment_id").GetString()!, root.GetProperty("address").GetString()!, root.GetProperty("attempts").GetInt32())
                : throw new FormatException("its events do not have the length in its first line");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw SpoolFile.AnotherVersion(path, e);
        }
    }

    // The file of the run that each event belongs to: counted again if the process ends before the record is written.
    private static void WriteParts(Utf8JsonWriter json, EventBatch batch)
    {
        json.WriteStartArray("parts"u8);
        foreach ((int source, int start, _) in batch.Parts())
        {
            json.WriteStartArray();
            json.WriteNumberValue(source);
            json.WriteNumberValue(start);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteEvents(Utf8JsonWriter json, BatchSlice events)
    {
        var sources = new List<string?>();
        json.WriteStartArray("events"u8);
        for (int position = 0; position < events.Count; position++)
        {
            EventSlice slice = events.Event(position);
            int source = sources.LastIndexOf(slice.Place.Source);
            if (source < 0)
            {
                source = sources.Count;
                sources.Add(slice.Place.Source);
            }

            json.WriteStartArray();
            json.WriteNumberValue(slice.Kind == EventKind.Span ? 0 : 1);
            json.WriteNumberValue(slice.End - slice.Start);
            json.WriteNumberValue(source);
            json.WriteNumberValue(slice.Place.Row);
            json.WriteNumberValue(slice.Place.Line);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("sources"u8);
        foreach (string? source in sources)
        {
            json.WriteStringValue(source);
        }

        json.WriteEndArray();
    }
}

/// <summary>The header of a request's file.</summary>
/// <param name="ExperimentId">The experiment of its events.</param>
/// <param name="Address">The service that they are for.</param>
/// <param name="Attempts">The number of attempts that ended without success.</param>
internal readonly record struct SpooledHeader(string ExperimentId, string Address, int Attempts);
