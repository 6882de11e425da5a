using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>
/// An object of an answer, read field by field. A field that is missing, null or of another type reads as null; fields that were not
/// requested or are of another type are kept, and returned by <see cref="UnknownMembers"/>, so that nothing is lost.
/// </summary>
internal sealed class LenientObject
{
    private readonly OrderedDictionary<string, JsonElement> _fields;
    private readonly HostObjectJson _freeForm;

    public LenientObject(JsonElement element, HostObjectJson freeForm)
    {
        _freeForm = freeForm;
        _fields = new(element.ValueKind == JsonValueKind.Object ? element.GetPropertyCount() : 0, StringComparer.Ordinal);
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _fields[property.Name] = property.Value;
            }
        }
    }

    public string? Text(string name) => Take(name, LenientJson.Text);

    public long? Integer(string name, long min = long.MinValue, long max = long.MaxValue) =>
        Take(name, element => LenientJson.Integer(element) is long whole && whole >= min && whole <= max ? whole : (long?)null);

    /// <summary>The nearest whole number; one with a fraction is also kept among the remaining fields.</summary>
    public long? Rounded(string name) => Integer(name) ?? (_fields.TryGetValue(name, out JsonElement element) ? LenientJson.Rounded(element) : null);

    public double? Number(string name) => Take(name, LenientJson.Number);

    public bool? Boolean(string name) => Take(name, LenientJson.Boolean);

    /// <summary>The texts of a list; empty if there is none.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Take(name, element => element.ValueKind != JsonValueKind.Array ? null : element.EnumerateArray().Select(item => LenientJson.Text(item) ?? item.GetRawText()).ToArray()) ?? [];

    /// <summary>The items of a list; empty if there is none.</summary>
    public List<T> List<T>(string name, Func<JsonElement, T> read) =>
        Take(name, element => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(read).ToList() : null) ?? [];

    public DateTimeOffset? Time(string name) => Take(name, element =>
        element.ValueKind == JsonValueKind.String && Timestamps.TryParse(element.GetString(), out DateTimeOffset time) ? time : (DateTimeOffset?)null);

    public object? FreeForm(string name) => Take(name, _freeForm.Read);

    public JsonElement? Object(string name) => Take(name, element => element.ValueKind == JsonValueKind.Object ? element : (JsonElement?)null);

    /// <summary>The remaining fields, as the host's own object; null if there are none.</summary>
    /// <param name="parts">Objects inside this one that were read: the remaining fields of each are under its name.</param>
    public object? UnknownMembers(params ReadOnlySpan<(string Name, LenientObject Part)> parts)
    {
        if (_fields.Count == 0 && !HasRest(parts))
        {
            return null;
        }

        List<KeyValuePair<string, object?>> rest = ReadFields();
        foreach ((string name, LenientObject part) in parts)
        {
            if (part._fields.Count > 0)
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
            if (part._fields.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private List<KeyValuePair<string, object?>> ReadFields()
    {
        var read = new List<KeyValuePair<string, object?>>(_fields.Count);
        foreach ((string name, JsonElement element) in _fields)
        {
            read.Add(new(name, _freeForm.Read(element)));
        }

        return read;
    }

    private T? Take<T>(string name, Func<JsonElement, T?> read)
    {
        if (!_fields.TryGetValue(name, out JsonElement element))
        {
            return default;
        }

        T? value = read(element);
        if (value is not null || element.ValueKind == JsonValueKind.Null)
        {
            _fields.Remove(name);
        }

        return value;
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

    /// <summary>True or false, also written as text; null for everything else.</summary>
    public static bool? Boolean(JsonElement element) => bool.TryParse(Text(element), out bool value) ? value : null;
}
