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
/// <param name="isTable">True if each object is a row of an evaluation table instead.</param>
/// <param name="rowPath">The <see cref="MemberPath"/> to the rows; empty if they are at the root.</param>
public sealed class JsonEventReader(IEventRowSink sink, string? source, bool isTable = false, string rowPath = "")
{
    private readonly JsonRow _row = new();
    private readonly JsonTableRow _tableRow = new();
    private RowPlace _place;

    /// <summary>Reads one text that represents one row, such as a line of a JSON Lines file.</summary>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="at">Its place.</param>
    [MethodImpl(HotPath.FullyOptimized)]
    public void ReadText(ReadOnlyMemory<byte> text, RowPlace at)
    {
        _place = at;
        if (!isTable && rowPath.Length == 0 && TryReadEvent(text))
        {
            return;
        }

        var words = new NumberWords();
        ReadOnlyMemory<byte> json = text;
        try
        {
            if (!IsJson(text.Span))
            {
                byte[] copy = text.ToArray();
                words.Hide(copy, start: 0, isLast: true);
                JsonText.MustBeJson(copy); // nothing of a broken text is sent
                json = copy;
            }

            using var reader = new JsonPullReader(json, words);
            reader.MoveNext();
            ReadRows(reader, rowPath, countRows: false);
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
        _place = new RowPlace(source, 0);
        using var reader = new JsonPullReader(stream);
        try
        {
            if (reader.MoveNext() == JsonTokenType.None)
            {
                sink.Reject(_place with { Row = 1 }, new EventRowException(string.Empty, "the file is not JSON: there is nothing in it"), text: null);
                return;
            }

            // A file of values one after the other, as JSON Lines with another ending, is read as well.
            do
            {
                ReadRows(reader, rowPath, countRows: true);
            }
            while (reader.MoveNext() != JsonTokenType.None);
        }
        catch (JsonException e)
        {
            string rest = reader.CountRest() is long count and > 1
                ? FormattableString.Invariant($"; this row and the rest of the file, {count:N0} bytes, were not read")
                : string.Empty;
            sink.Reject(_place with { Row = _place.Row + 1 }, new EventRowException(string.Empty, $"the file is not JSON from here on: {JsonText.Reason(e)}{rest}"), text: null);
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        int end = JsonValidator.Value(text, JsonValidator.Blanks(text, 0), depth: 0);
        return end != JsonValidator.NotFound && JsonValidator.Blanks(text, end) == text.Length;
    }

    /// <summary>Reads a text that is one event, in one go; false for every other, which is then looked at step by step.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private bool TryReadEvent(ReadOnlyMemory<byte> text)
    {
        if (text.Span is not [(byte)'{', ..])
        {
            return false;
        }

        try
        {
            if (!_row.TryLoad(text, _place) || _row.MayBePayload)
            {
                return false;
            }
        }
        catch (EventRowException)
        {
            return false;
        }

        Accept(_row, kind: null);
        return true;
    }

    /// <summary>Moves to the rows, and reads them.</summary>
    private void ReadRows(JsonPullReader reader, string path, bool countRows)
    {
        bool every = MemberPath.IsEvery(path, out string rest);
        switch (reader.TokenType)
        {
            case var _ when path.Length == 0:
                ReadValue(reader, kind: null, countRows, isTop: true);
                break;
            case JsonTokenType.StartArray:
                int? index = every ? null : MemberPath.Index(path, out rest);
                string inner = every || index is not null ? rest : path; // a name is looked for in each item
                for (int item = 0; reader.MoveNext() != JsonTokenType.EndArray; item++)
                {
                    if (index is null || index == item)
                    {
                        ReadRows(reader, inner, countRows);
                    }
                    else
                    {
                        reader.TakeValue();
                    }
                }

                break;
            case JsonTokenType.StartObject:
                ReadRowsOfMembers(reader, path, every ? rest : null, countRows);
                break;
            default:
                RejectValue(reader, countRows, text => $"-RowPath {rowPath} leads through {text}, which has no '{path}' in it");
                break;
        }
    }

    private void ReadRowsOfMembers(JsonPullReader reader, string path, string? ofEvery, bool countRows)
    {
        bool found = ofEvery is not null;
        List<string> others = [];
        while (reader.MoveNext() == JsonTokenType.PropertyName)
        {
            string name = reader.Name;
            string? rest = ofEvery ?? (found ? null : MemberPath.After(path, name));
            reader.MoveNext();
            if (rest is null)
            {
                others.Add(name);
                reader.TakeValue();
            }
            else
            {
                found = true;
                ReadRows(reader, rest, countRows);
            }
        }

        if (!found)
        {
            CountRow(countRows);
            sink.Reject(_place, new EventRowException(string.Empty, $"it has no '{path}' to read rows from; it has {string.Join(", ", others.Take(20))}.{NearestWord.Ask(path, others)}".TrimEnd('.')), text: null);
        }
    }

    private void RejectValue(JsonPullReader reader, bool countRows, Func<string, string> problem)
    {
        string text = Encoding.UTF8.GetString(NumberWords.Restore(reader.TakeValue().Span, reader.TakenWords));
        CountRow(countRows);
        sink.Reject(_place, new EventRowException(string.Empty, problem(text.Length > 40 ? text[..40] + "…" : text)), text);
    }

    /// <summary>Reads the value at the reader's position: an event, a payload or a list of either.</summary>
    private void ReadValue(JsonPullReader reader, EventKind? kind, bool countRows, bool isTop = false)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when isTable && !isTop:
                ReadFrameRows(JsonFrame.OfList(reader.TakeValue().Span, reader.TakenWords), countRows);
                break;
            case JsonTokenType.StartArray:
                while (reader.MoveNext() != JsonTokenType.EndArray)
                {
                    ReadValue(reader, kind, countRows);
                }

                break;
            case JsonTokenType.StartObject when kind is null && !isTable && reader.IsPayload():
                if (!ReadPayload(reader, countRows))
                {
                    CountRow(countRows);
                    sink.Reject(_place, new EventRowException(string.Empty, "it begins like a payload (data or attributes), but has no list of spans or metrics in it"), text: null);
                }

                break;
            case JsonTokenType.StartObject when kind is null && reader.IsSplitFrame():
                ReadSplitFrame(reader, countRows);
                break;
            case JsonTokenType.StartObject:
                ReadOnlyMemory<byte> value = reader.TakeValue();
                if (isTable && isTop && countRows && JsonFrame.OfObject(value.Span, reader.TakenWords) is { Count: > 0 } rows)
                {
                    ReadFrameRows(rows, countRows);
                    break;
                }

                CountRow(countRows);
                ReadEvent(value, reader.TakenWords, kind);
                break;
            default:
                RejectValue(reader, countRows, text => $"an event is a JSON object, not {text}");
                break;
        }
    }

    private void ReadFrameRows(IEnumerable<byte[]> rows, bool countRows)
    {
        foreach (byte[] text in rows)
        {
            var words = new NumberWords();
            words.Hide(text, start: 0, isLast: true);
            CountRow(countRows);
            ReadEvent(text, words.Take(0, text.Length), kind: null);
        }
    }

    /// <summary>Reads a table that has its columns once, and its rows as lists: what pandas calls split.</summary>
    private void ReadSplitFrame(JsonPullReader reader, bool countRows)
    {
        IReadOnlyList<byte[]>? columns = null;
        while (reader.MoveNext() == JsonTokenType.PropertyName)
        {
            string name = reader.Name;
            JsonTokenType value = reader.MoveNext();
            if (name == "columns" && value == JsonTokenType.StartArray)
            {
                columns = JsonFrame.Names(reader.TakeValue().Span);
            }
            else if (name == "data" && value == JsonTokenType.StartArray && columns is not null)
            {
                while (reader.MoveNext() != JsonTokenType.EndArray)
                {
                    ReadFrameRow(reader, columns, countRows);
                }
            }
            else
            {
                reader.TakeValue();
            }
        }
    }

    private void ReadFrameRow(JsonPullReader reader, IReadOnlyList<byte[]> columns, bool countRows)
    {
        if (JsonFrame.Row(columns, reader.TakeValue().Span, reader.TakenWords) is byte[] row)
        {
            ReadFrameRows([row], countRows);
            return;
        }

        CountRow(countRows);
        sink.Reject(_place, new EventRowException(string.Empty, $"it is not a list of {columns.Count} values, one for each of 'columns'"), text: null);
    }

    private void CountRow(bool countRows) => _place = countRows ? _place with { Row = _place.Row + 1 } : _place;

    /// <summary>Reads the lists of a payload; false if it has none, and then nothing is sent.</summary>
    private bool ReadPayload(JsonPullReader reader, bool countRows)
    {
        bool found = false;
        while (reader.MoveNext() == JsonTokenType.PropertyName)
        {
            string name = reader.Name;
            JsonTokenType value = reader.MoveNext();
            EventKind? kind = PayloadShape.KindOf(name);
            if (kind is not null && value == JsonTokenType.StartArray)
            {
                found = true;
                ReadValue(reader, kind, countRows);
            }
            else if (PayloadShape.IsEnvelope(name) && value == JsonTokenType.StartObject)
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

    private void ReadEvent(ReadOnlyMemory<byte> value, IReadOnlyList<NumberWord> words, EventKind? kind)
    {
        try
        {
            if (isTable)
            {
                _tableRow.Load(value, _place, words);
            }
            else
            {
                _ = _row.TryLoad(value, _place, words); // whole objects only come this far
            }
        }
        catch (EventRowException problem)
        {
            sink.Reject(_place, problem, Encoding.UTF8.GetString(NumberWords.Restore(value.Span, words)));
            return;
        }

        if (isTable)
        {
            sink.Accept(_tableRow, kind);
        }
        else
        {
            Accept(_row, kind);
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
