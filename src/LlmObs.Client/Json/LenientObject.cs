using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>
/// An object of an answer, read field by field. A field that is missing, null or of another type reads as null; fields that were not
/// requested or are of another type are kept, and returned by <see cref="UnknownMembers"/>, so that nothing is lost.
/// </summary>
internal sealed class LenientObject
{
    // In their order, without a name once they were read. These are few, so looking through them beats hashing their names.
    private readonly (string? Name, JsonElement Value)[] _fields;
    private readonly HostObjectJson _freeForm;
    private int _left;

    public LenientObject(JsonElement element, HostObjectJson freeForm)
    {
        _freeForm = freeForm;
        _left = element.ValueKind == JsonValueKind.Object ? element.GetPropertyCount() : 0;
        _fields = _left == 0 ? [] : new (string?, JsonElement)[_left];
        if (_left > 0)
        {
            int place = 0;
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _fields[place++] = (PropertyNames.Of(property), property.Value);
            }
        }
    }

    public string? Text(string name) => Take(name, LenientJson.Text);

    public long? Integer(string name) => Take(name, LenientJson.Integer);

    public int? Int32(string name) => Take(name, static element => LenientJson.Integer(element) is long whole and >= int.MinValue and <= int.MaxValue ? (int)whole : (int?)null);

    /// <summary>The nearest whole number; one with a fraction is also kept among the remaining fields.</summary>
    public long? Rounded(string name) => Integer(name) ?? (Find(name) is int place and >= 0 ? LenientJson.Rounded(_fields[place].Value) : null);

    public double? Number(string name) => Take(name, LenientJson.Number);

    public bool? Boolean(string name) => Take(name, LenientJson.Boolean);

    /// <summary>The texts of a list; empty if there is none.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Take(name, static element => element.ValueKind != JsonValueKind.Array ? null : element.EnumerateArray().Select(item => LenientJson.Text(item) ?? item.GetRawText()).ToArray()) ?? [];

    /// <summary>The items of a list; empty if there is none.</summary>
    public List<T> List<T>(string name, Func<JsonElement, T> read) =>
        Take(name, read, static (element, read) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(read).ToList() : null) ?? [];

    public DateTimeOffset? Time(string name) => Take(name, LenientJson.Time);

    public object? FreeForm(string name) => Take(name, _freeForm, static (element, freeForm) => freeForm.Read(element));

    public JsonElement? Object(string name) => Take(name, static element => element.ValueKind == JsonValueKind.Object ? element : (JsonElement?)null);

    /// <summary>The remaining fields, as the host's own object; null if there are none.</summary>
    /// <param name="parts">Objects inside this one that were read: the remaining fields of each are under its name.</param>
    public object? UnknownMembers(params ReadOnlySpan<(string Name, LenientObject Part)> parts)
    {
        if (_left == 0 && !HasRest(parts))
        {
            return null;
        }

        List<KeyValuePair<string, object?>> rest = ReadFields();
        foreach ((string name, LenientObject part) in parts)
        {
            if (part._left > 0)
            {
                rest.Add(new(name, _freeForm.MakeObject(CollectionsMarshal.AsSpan(part.ReadFields()))));
            }
        }

        return _freeForm.MakeObject(CollectionsMarshal.AsSpan(rest));
    }

    private static bool HasRest(ReadOnlySpan<(string Name, LenientObject Part)> parts)
    {
        foreach ((_, LenientObject part) in parts)
        {
            if (part._left > 0)
            {
                return true;
            }
        }

        return false;
    }

    private List<KeyValuePair<string, object?>> ReadFields()
    {
        var read = new List<KeyValuePair<string, object?>>(_left);
        foreach ((string? name, JsonElement element) in _fields)
        {
            if (name is not null)
            {
                read.Add(new(name, _freeForm.Read(element)));
            }
        }

        return read;
    }

    private T? Take<T>(string name, Func<JsonElement, T?> read) => Take(name, read, static (element, read) => read(element));

    private T? Take<T, TReader>(string name, TReader reader, Func<JsonElement, TReader, T?> read)
    {
        int place = Find(name);
        if (place < 0)
        {
            return default;
        }

        JsonElement element = _fields[place].Value;
        T? value = read(element, reader);
        if (value is not null || element.ValueKind == JsonValueKind.Null)
        {
            for (; place >= 0; place = Find(name))
            {
                _fields[place].Name = null;
                _left--;
            }
        }

        return value;
    }

    /// <summary>The place of a field, of two with the same name the later one; negative if there is none that was not read.</summary>
    private int Find(string name)
    {
        int place = _fields.Length - 1;
        while (place >= 0 && _fields[place].Name != name)
        {
            place--;
        }

        return place;
    }
}

/// <summary>Reads scalars of answers without insisting on the type that the documents promise.</summary>
internal static class LenientJson
{
    /// <summary>Text; a number or a boolean as it is written; null for everything else.</summary>
    public static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, also one written as text or as 3.0; null for everything else.</summary>
    public static long? Integer(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long exact))
        {
            return exact;
        }

        string? text = Text(element);
        if (long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        return decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out decimal number)
            && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;
    }

    /// <summary>The whole number next to a number; null for everything else.</summary>
    public static long? Rounded(JsonElement element) =>
        decimal.TryParse(Text(element), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out decimal number)
        && number is >= long.MinValue and <= long.MaxValue ? (long)decimal.Round(number, MidpointRounding.AwayFromZero) : null;

    /// <summary>A number, also one written as text; null for everything else.</summary>
    public static double? Number(JsonElement element) =>
        double.TryParse(Text(element), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : null;

    /// <summary>A time, UTC; null for everything else.</summary>
    public static DateTimeOffset? Time(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        // As the service writes it, it needs not become text. Without the Z, .NET's reader would take it for local time.
        bool isUtc = JsonMarshal.GetRawUtf8Value(element) is [.., (byte)'Z', (byte)'"'];
        return (isUtc && element.TryGetDateTimeOffset(out DateTimeOffset time)) || Timestamps.TryParse(element.GetString(), out time) ? time : null;
    }

    /// <summary>True or false, also written as text; null for everything else.</summary>
    public static bool? Boolean(JsonElement element) => bool.TryParse(Text(element), out bool value) ? value : null;
}
