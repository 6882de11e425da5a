using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Files;

/// <summary>
/// Finds the events in JSON text: an object is one event, a list holds several, and a payload (<c>spans</c> and
/// <c>metrics</c> lists, bare or inside <c>data.attributes</c>) holds as many as its lists.
/// </summary>
/// <param name="sink">Takes the events.</param>
/// <param name="source">The file's name; null for the pipeline.</param>
/// <param name="isTable">Whether each object is a row of an evaluation table instead.</param>
public sealed class JsonEventReader(IEventRowSink sink, string? source, bool isTable = false)
{
    private readonly JsonRow row = new();
    private readonly JsonTableRow tableRow = new();
    private RowPlace place;

    /// <summary>Reads one text that stands for one row, such as a line of a JSON Lines file.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="at">Where it stands.</param>
    [MethodImpl(HotPath.Compiled)]
    public void ReadText(ReadOnlyMemory<byte> text, RowPlace at)
    {
        place = at;
        if (!isTable && TryReadEvent(text))
        {
            return;
        }

        try
        {
            JsonText.MustBeJson(text.Span); // nothing of a broken text is sent
            ReadStream(new JsonPullReader(text));
        }
        catch (JsonException e)
        {
            sink.Reject(at, NotJson(text.Span, e), Encoding.UTF8.GetString(text.Span));
        }
    }

    /// <summary>Reads a whole JSON file, event by event; its events are rows counted from 1.</summary>
    /// <param name="stream">The file, UTF-8.</param>
    public void ReadFile(Stream stream)
    {
        place = new RowPlace(source, 0);
        using var reader = new JsonPullReader(stream);
        try
        {
            ReadStream(reader, countRows: true);
        }
        catch (JsonException e)
        {
            sink.Reject(place with { Row = place.Row + 1 }, new EventRowException(string.Empty, $"the file is not JSON from here on: {JsonText.Reason(e)}"), text: null);
        }
    }

    /// <summary>Reads a text that is one event, in one go; false for every other, which is then looked at step by step.</summary>
    [MethodImpl(HotPath.Compiled)]
    private bool TryReadEvent(ReadOnlyMemory<byte> text)
    {
        if (text.Span is not [(byte)'{', ..])
        {
            return false;
        }

        try
        {
            if (!row.TryLoad(text, place) || row.MayBePayload)
            {
                return false;
            }
        }
        catch (EventRowException)
        {
            return false;
        }

        Accept(row, kind: null);
        return true;
    }

    private void ReadStream(JsonPullReader reader, bool countRows = false)
    {
        reader.MoveNext();
        ReadValue(reader, kind: null, countRows);
        reader.MoveToEnd();
    }

    /// <summary>Reads the value that the reader stands at: an event, a payload or a list of either.</summary>
    private void ReadValue(JsonPullReader reader, EventKind? kind, bool countRows)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                while (reader.MoveNext() != JsonTokenType.EndArray)
                {
                    ReadValue(reader, kind, countRows);
                }

                break;
            case JsonTokenType.StartObject when kind is null && !isTable && reader.IsPayload():
                if (!ReadPayload(reader, countRows))
                {
                    place = countRows ? place with { Row = place.Row + 1 } : place;
                    sink.Reject(place, new EventRowException(string.Empty, "it begins as a payload (data or attributes), and has no list of spans or metrics in it"), text: null);
                }

                break;
            case JsonTokenType.StartObject:
                place = countRows ? place with { Row = place.Row + 1 } : place;
                ReadEvent(reader.TakeValue(), kind);
                break;
            default:
                place = countRows ? place with { Row = place.Row + 1 } : place;
                string text = Encoding.UTF8.GetString(reader.TakeValue().Span);
                sink.Reject(place, new EventRowException(string.Empty, $"an event is a JSON object, not {(text.Length > 40 ? text[..40] + "…" : text)}"), text);
                break;
        }
    }

    /// <summary>Reads the lists of a payload; false where it has none, and whatever it was is not sent.</summary>
    private bool ReadPayload(JsonPullReader reader, bool countRows)
    {
        bool found = false;
        while (reader.MoveNext() == JsonTokenType.PropertyName)
        {
            string name = reader.Name;
            JsonTokenType value = reader.MoveNext();
            EventKind? kind = name switch
            {
                "spans" => EventKind.Span,
                "metrics" => EventKind.Metric,
                _ => null,
            };
            if (kind is not null && value == JsonTokenType.StartArray)
            {
                found = true;
                ReadValue(reader, kind, countRows);
            }
            else if (name is "data" or "attributes" && value == JsonTokenType.StartObject)
            {
                found |= ReadPayload(reader, countRows);
            }
            else
            {
                reader.TakeValue();
            }
        }

        return found;
    }

    private void ReadEvent(ReadOnlyMemory<byte> value, EventKind? kind)
    {
        try
        {
            if (isTable)
            {
                tableRow.Load(value, place);
            }
            else
            {
                _ = row.TryLoad(value, place); // whole objects only come this far
            }
        }
        catch (EventRowException problem)
        {
            sink.Reject(place, problem, Encoding.UTF8.GetString(value.Span));
            return;
        }

        if (isTable)
        {
            sink.Accept(tableRow, kind);
        }
        else
        {
            Accept(row, kind);
        }
    }

    private void Accept(JsonRow read, EventKind? kind)
    {
        if (read.UnknownNames.Count > 0)
        {
            sink.Ignore(source, read.UnknownNames);
        }

        sink.Accept(read, kind);
    }

    private static EventRowException NotJson(ReadOnlySpan<byte> text, JsonException exception)
    {
        string hint = text.TrimStart(" \t"u8) is [(byte)'{' or (byte)'[', ..]
            ? string.Empty
            : ". Text from the pipeline is read as JSON Lines; for a CSV file use -Path, or Import-Csv";
        return new EventRowException(string.Empty, $"it is not JSON: {JsonText.Reason(exception)}{hint}");
    }
}
