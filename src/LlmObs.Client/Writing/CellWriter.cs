using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Writing;

/// <summary>Writes cells as JSON values. A name is given as the JSON before the value: comma, name and colon.</summary>
internal sealed class CellWriter(JsonAppender output, HostObjectJson freeForm)
{
    public JsonAppender Json => output;

    /// <summary>Text, if there is some.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public void OptionalText(EventRow row, EventField field, ReadOnlySpan<byte> name)
    {
        Cell cell = row.Get(field);
        if (!cell.IsBlank)
        {
            output.Raw(name);
            Text(cell, field);
        }
    }

    /// <summary>Text that must be there.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public void RequiredText(EventRow row, EventField field, ReadOnlySpan<byte> name, string? fallback = null)
    {
        Cell cell = row.Get(field);
        output.Raw(name);
        if (cell.IsBlank)
        {
            HostText(fallback ?? throw FieldParser.Missing(field), field);
            return;
        }

        Text(cell, field);
    }

    /// <summary>Any JSON value: text stays text unless its column was named as JSON.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public void FreeForm(in Cell cell, string fieldName, bool textIsJson)
    {
        switch (cell.Kind)
        {
            case CellKind.Utf8 when !textIsJson || cell.IsBlank:
                if (!output.TryText(cell.Utf8))
                {
                    throw new EventRowException(fieldName, FieldParser.NotUtf8Reason);
                }

                break;
            case CellKind.Text when !textIsJson || cell.IsBlank:
                if (!output.TryText(cell.Text))
                {
                    throw new EventRowException(fieldName, SurrogatePairs.Half);
                }

                break;
            case CellKind.Json:
                output.Raw(cell.Utf8);
                break;
            case CellKind.Utf8:
                RawJson(cell.Utf8, fieldName);
                break;
            case CellKind.Text:
                RawJson(Encoding.UTF8.GetBytes(cell.Text), fieldName);
                break;
            case CellKind.Missing or CellKind.Null:
                output.Raw("null"u8);
                break;
            case CellKind.Integer:
                output.Number(cell.Integer);
                break;
            case CellKind.Boolean:
                output.Boolean(cell.Boolean);
                break;
            default:
                HostValue(cell, fieldName);
                break;
        }
    }

    /// <summary>A JSON object; text is read as JSON, since nothing else could be meant.</summary>
    public void Object(in Cell cell, string fieldName)
    {
        if (cell.Kind == CellKind.Json && cell.Utf8[0] == '"' && cell.TryGetText(out string text))
        {
            Object(Cell.Of(text, text), fieldName); // JSON inside a JSON string, as a table turned into JSON Lines has it
            return;
        }

        byte[]? written = cell.Kind == CellKind.Json ? null : ToJson(cell, fieldName);
        ReadOnlySpan<byte> json = written is null ? cell.Utf8 : written;
        if (json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            throw new EventRowException(fieldName, $"must be a JSON object, not {cell.ToString()}");
        }

        output.Raw(json);
    }

    /// <summary>A cell as JSON of its own, for the cases that must look into it.</summary>
    public byte[] ToJson(in Cell cell, string fieldName, bool textIsJson = true)
    {
        using var buffer = new PooledBuffer();
        using var inner = new JsonAppender();
        inner.Begin(buffer);
        new CellWriter(inner, freeForm).FreeForm(cell, fieldName, textIsJson);
        return buffer.Written.ToArray();
    }

    /// <summary>A value that is text, be it blank.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public void Text(in Cell cell, EventField field)
    {
        if (cell.Kind == CellKind.Utf8)
        {
            if (!output.TryText(cell.Utf8))
            {
                throw FieldParser.NotUtf8(field);
            }
        }
        else if (cell.Kind == CellKind.Json && cell.Utf8[0] == '"')
        {
            output.Raw(cell.Utf8);
        }
        else
        {
            HostText(cell.Kind == CellKind.Text ? cell.Text : FieldParser.Text(cell, field), field);
        }
    }

    /// <summary>Text that has become a string.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public void HostText(string text, EventField field)
    {
        if (!output.TryText(text))
        {
            throw EventRowException.For(field, SurrogatePairs.Half);
        }
    }

    private void HostValue(in Cell cell, string fieldName)
    {
        object? value = cell.Kind switch
        {
            CellKind.Number => cell.Number,
            CellKind.Time => cell.Time,
            CellKind.Duration => cell.Duration,
            _ => cell.Value,
        };
        try
        {
            output.Value(freeForm, value);
        }
        catch (UnwritableValueException e)
        {
            throw new EventRowException(fieldName + e.Path[1..], e.Reason);
        }
    }

    private void RawJson(ReadOnlySpan<byte> text, string fieldName)
    {
        try
        {
            JsonText.MustBeJson(text);
        }
        catch (JsonException) when (PythonLiteral.ToJson(text) is byte[] json)
        {
            output.Raw(json);
            return;
        }
        catch (JsonException e)
        {
            throw new EventRowException(fieldName, NumberWords.FirstIn(text) is string word
                ? $"holds {word}, {NumberWords.NoNumber}"
                : $"is not JSON: {JsonText.Reason(e)}");
        }

        JsonEscapes.RefuseHalfPairs(text, fieldName);
        output.Raw(text.Trim(" \t\r\n"u8));
    }
}
