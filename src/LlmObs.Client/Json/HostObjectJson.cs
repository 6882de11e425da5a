using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Xml;

namespace LlmObs.Client.Json;

/// <summary>
/// Converts free-form values (inputs, outputs, metadata, configuration) to JSON and back. The client knows .NET's types;
/// a host with its own objects overrides the conversion: PowerShell for PSObject, in both directions.
/// </summary>
public class HostObjectJson
{
    /// <summary>Nesting deeper than this is an error: the service's own readers stop far earlier.</summary>
    public const int MaxDepth = 128;

    /// <summary>The most bytes of one value, or of one row, as JSON; more is an error, since the whole of it is held in memory.</summary>
    public const int LargestValue = 32 * 1024 * 1024;

    /// <summary>Values as plain .NET has them.</summary>
    public static HostObjectJson Default { get; } = new();

    /// <summary>Writes one value.</summary>
    /// <param name="value">The value; <c>null</c> becomes <c>null</c>.</param>
    /// <exception cref="UnwritableValueException">The value, or one inside it, can't be written as JSON; the path shows which.</exception>
    public void Write(Utf8JsonWriter writer, object? value) => new ValueJsonWriter(this, writer).Write(value);

    /// <summary>
    /// True if a list is only a list: XML, tables of several dimensions and collections of names with values can be
    /// enumerated, too, but would lose their structure.
    /// </summary>
    /// <param name="value">The enumerable value.</param>
    /// <returns>True if its items are all there is to it.</returns>
    public static bool IsList(IEnumerable value) =>
        value is not (XmlNode or NameObjectCollectionBase or StringDictionary or Array { Rank: > 1 });

    /// <summary>
    /// What a key is called. PowerShell makes int keys from <c>@{ 1 = 'a' }</c>: numbers have one obvious text, other objects do not.
    /// </summary>
    /// <param name="key">The key, unwrapped.</param>
    /// <returns>Its text; <c>null</c> if it has none.</returns>
    public static string? NameOf(object? key) => key switch
    {
        string text => text,
        Enum word => word.ToString(),
        IFormattable number when number.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Makes a value of the host's own kind from JSON.</summary>
    /// <param name="element">The JSON.</param>
    /// <returns>Here: null, bool, long, double, decimal or string, a list or a dictionary that keeps the order.</returns>
    public virtual object? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new KeyValuePair<string, object?>[element.GetPropertyCount()];
                int place = 0;
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    members[place++] = new(PropertyNames.Of(property), Read(property.Value));
                }

                return MakeObject(members);
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Read).ToArray();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.True:
            case JsonValueKind.False:
                return element.GetBoolean();
            case JsonValueKind.Number:
                return ReadNumber(element);
            default:
                return null;
        }
    }

    /// <summary>Makes an object of the host's own kind.</summary>
    /// <param name="members">Its members in their order; of two with the same name the later one counts.</param>
    /// <returns>Here: a dictionary that keeps the order.</returns>
    public virtual object MakeObject(ReadOnlySpan<KeyValuePair<string, object?>> members)
    {
        var made = new OrderedDictionary<string, object?>(members.Length, StringComparer.Ordinal);
        foreach ((string name, object? value) in members)
        {
            made[name] = value;
        }

        return made;
    }

    /// <summary>
    /// A number in the first type that holds it: long, decimal, big integer for whole ones; double for others, or decimal if
    /// double would round.
    /// </summary>
    /// <param name="element">A JSON number.</param>
    /// <returns>The number.</returns>
    protected static object ReadNumber(JsonElement element)
    {
        if (element.TryGetInt64(out long whole))
        {
            return whole;
        }

        string text = element.GetRawText();
        bool fits = element.TryGetDecimal(out decimal exact);
        if (text.AsSpan().IndexOfAny(".eE") < 0)
        {
            return fits ? exact : BigInteger.Parse(text, CultureInfo.InvariantCulture);
        }

        double number = element.GetDouble();
        bool isRounded = fits && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seen) && seen != exact;
        return isRounded ? exact : number;
    }

    /// <summary>Removes the host's wrapping from a value.</summary>
    /// <param name="value">A value as the host hands it on.</param>
    /// <returns>The value itself, or <c>null</c> for the host's own kind of "nothing".</returns>
    protected internal virtual object? Unwrap(object? value) => value is DBNull ? null : value;

    /// <summary>The identity of an object, to detect cycles: the object itself, unless the host distinguishes objects by their wrapping.</summary>
    /// <param name="value">The object, unwrapped.</param>
    /// <param name="wrapped">The object as the host handed it on.</param>
    /// <returns>A reference that is the same for the same object, and for no other.</returns>
    protected internal virtual object Identity(object value, object wrapped) => value;

    /// <summary>True if an exception ends all work, instead of only showing that a value can't be read.</summary>
    /// <param name="exception">The exception that was thrown while a value was read.</param>
    /// <returns>True if it must go on up.</returns>
    protected internal virtual bool IsStop(Exception exception) => exception is OperationCanceledException;

    /// <summary>The members of an object that is neither a scalar nor a dictionary nor a list.</summary>
    /// <param name="value">The object, unwrapped.</param>
    /// <param name="wrapped">The object as the host handed it on.</param>
    /// <returns>Names and values in order; <c>null</c> if the object is not data and must be refused.</returns>
    protected internal virtual IEnumerable<KeyValuePair<string, object?>>? Members(object value, object wrapped) => null;
}
