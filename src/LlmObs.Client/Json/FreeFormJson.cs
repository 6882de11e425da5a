using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace LlmObs.Client;

/// <summary>
/// How free-form values (inputs, outputs, metadata, configuration) become JSON and back. The client knows what .NET has;
/// a host with objects of its own overrides what it must: PowerShell its PSObject, on the way in and on the way out.
/// </summary>
public class FreeFormJson
{
    /// <summary>Nesting deeper than this is an error: the service's own readers stop far earlier.</summary>
    public const int MaxDepth = 128;

    /// <summary>Values as plain .NET has them.</summary>
    public static FreeFormJson Default { get; } = new();

    /// <summary>Writes one value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value; <c>null</c> becomes <c>null</c>.</param>
    /// <exception cref="UnwritableValueException">The value, or one inside it, has no place in JSON; the path says which.</exception>
    public void Write(Utf8JsonWriter writer, object? value) => new ValueWalk(this, writer).Write(value);

    /// <summary>Makes a value of the host's own kind from JSON.</summary>
    /// <param name="element">The JSON.</param>
    /// <returns>Here: null, bool, long, double, decimal or string, a list or a dictionary that keeps the order.</returns>
    public virtual object? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    members[property.Name] = Read(property.Value);
                }

                return members;
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

    /// <summary>
    /// A number in the first type that holds it: long, decimal, big integer for whole ones; double for others, decimal where
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

    /// <summary>Takes the host's wrapping off a value.</summary>
    /// <param name="value">A value as the host hands it on.</param>
    /// <returns>The value itself, or <c>null</c> where the host has a "nothing" of its own.</returns>
    protected internal virtual object? Unwrap(object? value) => value is DBNull ? null : value;

    /// <summary>What makes an object itself, for seeing cycles: the object, unless the host tells objects apart by their wrapping.</summary>
    /// <param name="value">The object, unwrapped.</param>
    /// <param name="wrapped">The object as the host handed it on.</param>
    /// <returns>A reference that is the same for the same object, and for no other.</returns>
    protected internal virtual object Identity(object value, object wrapped) => value;

    /// <summary>The members of an object that is neither a scalar nor a dictionary nor a list.</summary>
    /// <param name="value">The object, unwrapped.</param>
    /// <param name="wrapped">The object as the host handed it on.</param>
    /// <returns>Names and values in order; <c>null</c> where the object is not data and must be refused.</returns>
    protected internal virtual IEnumerable<KeyValuePair<string, object?>>? Members(object value, object wrapped) => null;
}
