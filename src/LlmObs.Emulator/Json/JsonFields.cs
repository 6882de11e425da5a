using System.Text.Json;

namespace LlmObs.Emulator.Json;

/// <summary>
/// Typed reads of one object's members. Each returns the problem, with the member's pointer, or null; a member that is
/// null counts as absent.
/// </summary>
/// <param name="element">The object.</param>
/// <param name="pointer">Its JSON pointer.</param>
internal readonly struct JsonFields(JsonElement element, string pointer)
{
    public string PointerTo(string name) => $"{pointer}/{name}";

    /// <summary>True if the member exists, even as null.</summary>
    public bool Has(string name) => element.TryGetProperty(name, out _);

    public Problem? Required(string name, out JsonElement value)
    {
        bool found = TryGet(name, out value);
        return found ? null : Problem.Missing(name, PointerTo(name));
    }

    public Problem? RequiredText(string name, out string value)
    {
        value = string.Empty;
        if (Text(name, out string? text) is { } problem)
        {
            return problem;
        }

        if (string.IsNullOrEmpty(text))
        {
            return text is null
                ? Problem.Missing(name, PointerTo(name))
                : Problem.BadRequest($"'{name}' must not be empty.", PointerTo(name));
        }

        value = text;
        return null;
    }

    public Problem? Text(string name, out string? value)
    {
        value = null;
        if (!TryGet(name, out JsonElement found))
        {
            return null;
        }

        if (found.ValueKind != JsonValueKind.String)
        {
            return Wrong(name, "a string", found);
        }

        value = found.GetString();
        return null;
    }

    public Problem? Boolean(string name, out bool? value)
    {
        value = null;
        if (!TryGet(name, out JsonElement found))
        {
            return null;
        }

        if (found.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return Wrong(name, "a boolean", found);
        }

        value = found.GetBoolean();
        return null;
    }

    public Problem? Integer(string name, long least, long most, out long? value)
    {
        value = null;
        if (!TryGet(name, out JsonElement found))
        {
            return null;
        }

        string expected = FormattableString.Invariant($"an integer from {least} to {most}");
        if (found.ValueKind != JsonValueKind.Number)
        {
            return Wrong(name, expected, found);
        }

        if (!found.TryGetInt64(out long number) || number < least || number > most)
        {
            return Problem.WrongType(name, expected, found.GetRawText(), PointerTo(name));
        }

        value = number;
        return null;
    }

    /// <summary>An object member, as a copy that outlives the document.</summary>
    public Problem? Object(string name, out JsonElement? value)
    {
        value = null;
        if (!TryGet(name, out JsonElement found))
        {
            return null;
        }

        if (found.ValueKind != JsonValueKind.Object)
        {
            return Wrong(name, "an object", found);
        }

        value = found.Clone();
        return null;
    }

    public Problem? RequiredObject(string name, out JsonFields fields)
    {
        fields = default;
        if (Required(name, out JsonElement found) is { } problem)
        {
            return problem;
        }

        if (found.ValueKind != JsonValueKind.Object)
        {
            return Wrong(name, "an object", found);
        }

        fields = new JsonFields(found, PointerTo(name));
        return null;
    }

    /// <summary>An object member; null if it is absent.</summary>
    public Problem? OptionalObject(string name, out JsonFields? fields)
    {
        fields = null;
        if (!TryGet(name, out _))
        {
            return null;
        }

        Problem? problem = RequiredObject(name, out JsonFields found);
        fields = problem is null ? found : null;
        return problem;
    }

    /// <summary>An array member; undefined if it is absent.</summary>
    public Problem? Array(string name, out JsonElement value) =>
        TryGet(name, out value) && value.ValueKind != JsonValueKind.Array ? Wrong(name, "an array", value) : null;

    /// <summary>An array of strings; null if it is absent.</summary>
    public Problem? Texts(string name, out IReadOnlyList<string>? values)
    {
        values = null;
        if (Array(name, out JsonElement found) is { } problem)
        {
            return problem;
        }

        if (found.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        int index = 0;
        foreach (JsonElement item in found.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return Problem.WrongType(name, "an array of strings", $"one with {BodyJson.NameOf(item.ValueKind)}", FormattableString.Invariant($"{PointerTo(name)}/{index}"));
            }

            index++;
        }

        values = [.. found.EnumerateArray().Select(item => item.GetString()!)];
        return null;
    }

    /// <summary>The objects of an array; none if it is absent.</summary>
    public Problem? Objects(string name, out IReadOnlyList<JsonFields> items)
    {
        items = [];
        if (Array(name, out JsonElement found) is { } problem)
        {
            return problem;
        }

        if (found.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var read = new List<JsonFields>();
        foreach (JsonElement item in found.EnumerateArray())
        {
            string place = FormattableString.Invariant($"{PointerTo(name)}/{read.Count}");
            if (item.ValueKind != JsonValueKind.Object)
            {
                return Problem.WrongType(FormattableString.Invariant($"{name}[{read.Count}]"), "an object", BodyJson.NameOf(item.ValueKind), place);
            }

            read.Add(new JsonFields(item, place));
        }

        items = read;
        return null;
    }

    /// <summary>A member of any type, as a copy that outlives the document; null if it is absent or null.</summary>
    public JsonElement? Any(string name) => TryGet(name, out JsonElement found) ? found.Clone() : null;

    /// <summary>A list of at least one text.</summary>
    public Problem? RequiredTexts(string name, out IReadOnlyList<string> values)
    {
        values = [];
        if ((Required(name, out JsonElement list) ?? Array(name, out list)) is { } problem)
        {
            return problem;
        }

        if (list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return Problem.BadRequest($"'{name}' must be a list of strings.", PointerTo(name));
        }

        values = [.. list.EnumerateArray().Select(item => item.GetString()!)];
        return values.Count > 0 ? null : Problem.BadRequest($"'{name}' must not be empty.", PointerTo(name));
    }

    private Problem Wrong(string name, string expected, JsonElement found) =>
        Problem.WrongType(name, expected, BodyJson.NameOf(found.ValueKind), PointerTo(name));

    private bool TryGet(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
