using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Client;

/// <summary>Writes cells as JSON values.</summary>
internal sealed class CellWriter(Utf8JsonWriter writer, FreeFormJson freeForm)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = FreeFormJson.MaxDepth };

    public Utf8JsonWriter Json => writer;

    /// <summary>Text, where there is some.</summary>
    public void OptionalText(EventRow row, EventField field, ReadOnlySpan<byte> name)
    {
        Cell cell = row.Get(field);
        if (!cell.IsBlank)
        {
            writer.WritePropertyName(name);
            Text(cell, field);
        }
    }

    /// <summary>Text that must be there.</summary>
    public void RequiredText(EventRow row, EventField field, ReadOnlySpan<byte> name, string? fallback = null)
    {
        Cell cell = row.Get(field);
        if (cell.IsBlank)
        {
            writer.WriteString(name, fallback ?? throw CellConversion.Missing(field));
            return;
        }

        writer.WritePropertyName(name);
        Text(cell, field);
    }

    /// <summary>Any JSON value: text stays text unless its column was named as JSON.</summary>
    public void FreeForm(in Cell cell, string fieldName, bool textIsJson)
    {
        switch (cell.Kind)
        {
            case CellKind.Missing or CellKind.Null:
                writer.WriteNullValue();
                break;
            case CellKind.Utf8 when textIsJson && !cell.IsBlank:
                RawJson(cell.Utf8, fieldName);
                break;
            case CellKind.Text when textIsJson && !cell.IsBlank:
                RawJson(Encoding.UTF8.GetBytes(cell.Text), fieldName);
                break;
            case CellKind.Utf8:
                writer.WriteStringValue(Utf8.IsValid(cell.Utf8) ? cell.Utf8 : throw new EventRowException(fieldName, CellConversion.NotUtf8(default).Reason));
                break;
            case CellKind.Json:
                writer.WriteRawValue(cell.Utf8, skipInputValidation: true);
                break;
            case CellKind.Integer:
                writer.WriteNumberValue(cell.Integer);
                break;
            case CellKind.Boolean:
                writer.WriteBooleanValue(cell.Boolean);
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

        writer.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>A cell as JSON of its own, for the cases that must look into it.</summary>
    public byte[] ToJson(in Cell cell, string fieldName)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var inner = new Utf8JsonWriter(buffer, LlmObsClient.WriterOptions))
        {
            new CellWriter(inner, freeForm).FreeForm(cell, fieldName, textIsJson: true);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A value that is text, be it blank.</summary>
    public void Text(in Cell cell, EventField field)
    {
        if (cell.Kind == CellKind.Utf8)
        {
            writer.WriteStringValue(Utf8.IsValid(cell.Utf8) ? cell.Utf8 : throw CellConversion.NotUtf8(field));
        }
        else if (cell.Kind == CellKind.Json && cell.Utf8[0] == '"')
        {
            writer.WriteRawValue(cell.Utf8, skipInputValidation: true);
        }
        else
        {
            HostText(CellConversion.Text(cell, field), field);
        }
    }

    /// <summary>Text that has become a string.</summary>
    public void HostText(string text, EventField field)
    {
        try
        {
            freeForm.Write(writer, text);
        }
        catch (UnwritableValueException e)
        {
            throw EventRowException.For(field, e.Reason);
        }
    }

    private void HostValue(in Cell cell, string fieldName)
    {
        object? value = cell.Kind switch
        {
            CellKind.Text => cell.Text,
            CellKind.Number => cell.Number,
            CellKind.Time => cell.Time,
            CellKind.Duration => cell.Duration,
            _ => cell.Value,
        };
        try
        {
            freeForm.Write(writer, value);
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
            var reader = new Utf8JsonReader(text, ReaderOptions);
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw new EventRowException(fieldName, $"is not JSON: {JsonText.Reason(e)}");
        }

        writer.WriteRawValue(text.Trim(" \t\r\n"u8), skipInputValidation: true);
    }
}
