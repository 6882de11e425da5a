using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Fields;

/// <summary>
/// Finds the values at a dotted path in a JSON text. Member names that contain dots are found too: at each level a
/// name may cover one part of the path or several.
/// </summary>
/// <param name="path">The path, for example <c>meta.input.question</c>.</param>
internal sealed class JsonPath(string path)
{
    private readonly byte[] _path = Encoding.UTF8.GetBytes(path);

    /// <summary>Adds the values: one for a scalar, one an item for a list, an object's own text; nothing for null.</summary>
    public void Collect(ReadOnlySpan<byte> json, List<FieldValue> values)
    {
        if (json.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(json, BodyJson.ReaderOptions);
        reader.Read();
        if (TryMove(ref reader, _path))
        {
            CollectValue(ref reader, json, values);
        }
    }

    /// <summary>Adds the texts at the path and anywhere below it, names left out.</summary>
    public void CollectTexts(ReadOnlySpan<byte> json, List<FieldValue> values)
    {
        if (json.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(json, BodyJson.ReaderOptions);
        reader.Read();
        if (!TryMove(ref reader, _path))
        {
            return;
        }

        int depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                values.Add(FieldValue.Of(reader.GetString()!));
            }
        }
        while (reader.TokenType != JsonTokenType.None && !IsEnd(ref reader, depth) && reader.Read());
    }

    private static bool IsEnd(ref Utf8JsonReader reader, int depth) =>
        reader.CurrentDepth == depth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);

    /// <summary>Moves from an object to the value at a path; recursion is as deep as the path has parts.</summary>
    private static bool TryMove(ref Utf8JsonReader reader, ReadOnlySpan<byte> path)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueIsEscaped
                ? Encoding.UTF8.GetBytes(reader.GetString()!)
                : reader.ValueSpan;
            bool whole = path.SequenceEqual(name);
            bool part = !whole && path.Length > name.Length && path[name.Length] == '.' && path.StartsWith(name);
            reader.Read();
            if (whole || (part && reader.TokenType == JsonTokenType.StartObject && TryMove(ref reader, path[(name.Length + 1)..])))
            {
                return true;
            }

            // After an unsuccessful search below, the reader is at that object's end, and there is nothing to skip.
            reader.Skip();
        }

        return false;
    }

    private static void CollectValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, List<FieldValue> values)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Add(ref reader, json, values);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Add(ref reader, json, values);
        }
    }

    private static void Add(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, List<FieldValue> values)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                values.Add(FieldValue.Of(reader.GetString()!));
                break;
            case JsonTokenType.Number:
                AddNumber(ref reader, values);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                values.Add(FieldValue.Of(reader.GetBoolean()));
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                values.Add(FieldValue.Of(Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed])));
                break;
            default:
                break;
        }
    }

    private static void AddNumber(ref Utf8JsonReader reader, List<FieldValue> values)
    {
        if (reader.TryGetInt64(out long integer))
        {
            values.Add(FieldValue.Of(integer));
        }
        else if (reader.TryGetDouble(out double real) && double.IsFinite(real))
        {
            values.Add(FieldValue.Of(real));
        }
        else
        {
            // Beyond what can be computed with: still something to search and group by.
            values.Add(FieldValue.Of(Encoding.UTF8.GetString(reader.ValueSpan)));
        }
    }
}
