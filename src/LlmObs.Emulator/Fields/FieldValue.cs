using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Fields;

/// <summary>One value of an event's field. Equal values make one group, however they were written (1 and 1.0).</summary>
internal readonly record struct FieldValue : IComparable<FieldValue>
{
    private const double ExactIntegers = 1L << 53;

    private readonly string? _text;
    private readonly long _bits;

    private FieldValue(FieldKind kind, string? text, long bits)
    {
        Kind = kind;
        _text = text;
        _bits = bits;
    }

    /// <summary>The value of a field that an event does not have.</summary>
    public static FieldValue None { get; } = new(FieldKind.None, null, 0);

    public FieldKind Kind { get; }

    public bool IsNumber => Kind is FieldKind.Integer or FieldKind.Real;

    /// <summary>The value as text, the way it would be searched for.</summary>
    public string Text => Kind switch
    {
        FieldKind.Text => _text!,
        FieldKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        FieldKind.Real => Real.ToString("R", CultureInfo.InvariantCulture),
        FieldKind.Boolean => _bits == 0 ? "false" : "true",
        _ => string.Empty,
    };

    private double Real => Kind == FieldKind.Integer ? _bits : BitConverter.Int64BitsToDouble(_bits);

    public static FieldValue Of(string text) => new(FieldKind.Text, text, 0);

    public static FieldValue Of(bool value) => new(FieldKind.Boolean, null, value ? 1 : 0);

    public static FieldValue Of(long value) => new(FieldKind.Integer, null, value);

    public static FieldValue Of(double value) =>
        Math.Abs(value) < ExactIntegers && Math.Floor(value) == value
            ? Of((long)value)
            : new FieldValue(FieldKind.Real, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A number from text; null if it is not a number.</summary>
    public static FieldValue? TryNumber(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return Of(integer);
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real)
            ? Of(real)
            : null;
    }

    /// <summary>The value's contribution to an average: a number itself, true 1 and false 0, others nothing.</summary>
    public double? Measure => Kind switch
    {
        FieldKind.Integer or FieldKind.Real => Real,
        FieldKind.Boolean => _bits,
        _ => null,
    };

    /// <summary>Compares two numbers; integers exactly.</summary>
    public static int CompareNumbers(in FieldValue left, in FieldValue right) =>
        left.Kind == FieldKind.Integer && right.Kind == FieldKind.Integer
            ? left._bits.CompareTo(right._bits)
            : left.Real.CompareTo(right.Real);

    /// <summary>Booleans, then numbers by size, then texts by code unit, then the missing value.</summary>
    public int CompareTo(FieldValue other)
    {
        if (IsNumber && other.IsNumber)
        {
            return CompareNumbers(in this, in other);
        }

        if (Kind != other.Kind)
        {
            return Kind.CompareTo(other.Kind);
        }

        return Kind == FieldKind.Text ? string.CompareOrdinal(_text, other._text) : _bits.CompareTo(other._bits);
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        switch (Kind)
        {
            case FieldKind.Boolean:
                json.WriteBooleanValue(_bits != 0);
                break;
            case FieldKind.Integer:
                json.WriteNumberValue(_bits);
                break;
            case FieldKind.Real:
                json.WriteNumberValue(Real);
                break;
            case FieldKind.Text:
                json.WriteStringValue(_text);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
