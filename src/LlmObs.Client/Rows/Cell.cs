using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Rows;

/// <summary>
/// One value of one row, in the form that its source has it, so that a CSV cell or a piece of JSON can go to the request
/// without becoming an object on the way.
/// </summary>
public readonly ref struct Cell
{
    private readonly long _bits;
    private readonly object? _value;
    private readonly object? _bare; // without the host's wrapping

    private Cell(CellKind kind, long bits = 0, object? value = null, ReadOnlySpan<byte> utf8 = default, object? bare = null)
    {
        _bare = bare;
        Kind = kind;
        _bits = bits;
        _value = value;
        Utf8 = utf8;
    }

    /// <summary>A value that is not there.</summary>
    public static Cell Missing => default;

    /// <summary>A value that is null.</summary>
    public static Cell Null => new(CellKind.Null);

    /// <summary>The form.</summary>
    public CellKind Kind { get; }

    /// <summary>The bytes of <see cref="CellKind.Utf8"/> and <see cref="CellKind.Json"/>.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    /// <summary>The string of <see cref="CellKind.Text"/>.</summary>
    public string Text => (string)_value!;

    /// <summary>The number of <see cref="CellKind.Integer"/>.</summary>
    public long Integer => _bits;

    /// <summary>The number of <see cref="CellKind.Number"/>.</summary>
    public double Number => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The value of <see cref="CellKind.Boolean"/>.</summary>
    public bool Boolean => _bits != 0;

    /// <summary>The time of <see cref="CellKind.Time"/>, UTC.</summary>
    public DateTimeOffset Time => new(_bits, TimeSpan.Zero);

    /// <summary>The length of <see cref="CellKind.Duration"/>.</summary>
    public TimeSpan Duration => new(_bits);

    /// <summary>The object of <see cref="CellKind.Value"/>.</summary>
    public object? Value => _value;

    /// <summary>True if it holds nothing: missing, null, or text without a visible character.</summary>
    public bool IsBlank
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Kind switch
        {
            CellKind.Missing or CellKind.Null => true,
            CellKind.Utf8 => Utf8.Length == 0 || (Utf8[0] <= ' ' && HoldsBlanks()),
            _ => HoldsBlanks(),
        };
    }

    /// <summary>True if it is a list.</summary>
    internal bool IsList => Kind == CellKind.Json
        ? Utf8[0] == (byte)'['
        : _bare is System.Collections.IEnumerable list and not (string or System.Collections.IDictionary) && HostObjectJson.IsList(list);

    /// <summary>A copy that outlives the row.</summary>
    internal KeptCell Keep() => new(Kind, _bits, _value, _bare, Kind is CellKind.Utf8 or CellKind.Json ? Utf8.ToArray() : null);

    /// <summary>The cell of a kept value.</summary>
    internal static Cell Of(KeptCell kept) => new(kept.Kind, kept.Bits, kept.Value, kept.Utf8, kept.Bare);

    /// <summary>True if it is there but null.</summary>
    public bool IsNull => Kind == CellKind.Null || (Kind == CellKind.Json && Utf8.SequenceEqual("null"u8));

    /// <summary>Text as UTF-8.</summary>
    /// <param name="text">The bytes; valid as long as the row.</param>
    /// <returns>The cell.</returns>
    public static Cell OfUtf8(ReadOnlySpan<byte> text) => new(CellKind.Utf8, utf8: text);

    /// <summary>A piece of JSON.</summary>
    /// <param name="json">One well-formed JSON value without blanks around it; valid as long as the row.</param>
    /// <returns>The cell.</returns>
    public static Cell OfJson(ReadOnlySpan<byte> json) => new(CellKind.Json, utf8: json);

    /// <summary>A point in time.</summary>
    /// <returns>The cell.</returns>
    public static Cell OfTime(DateTimeOffset time) => new(CellKind.Time, time.UtcTicks);

    /// <summary>Any .NET value that the host has unwrapped.</summary>
    /// <param name="unwrapped">The value itself.</param>
    /// <param name="wrapped">The value as the host handed it on, for the host to write it.</param>
    /// <returns>The cell.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    public static Cell Of(object? unwrapped, object? wrapped) => unwrapped switch
    {
        null => Null,
        string text => new(CellKind.Text, value: text),
        long number => new(CellKind.Integer, number),
        int number => new(CellKind.Integer, number),
        double number => new(CellKind.Number, BitConverter.DoubleToInt64Bits(number)),
        bool flag => new(CellKind.Boolean, flag ? 1 : 0),
        DateTime time => OfTime(Timestamps.ToUtc(time)),
        DateTimeOffset time => OfTime(time),
        TimeSpan duration => new(CellKind.Duration, duration.Ticks),
        short or byte or sbyte or ushort or uint => new(CellKind.Integer, Convert.ToInt64(unwrapped, System.Globalization.CultureInfo.InvariantCulture)),
        float number => new(CellKind.Number, BitConverter.DoubleToInt64Bits(Widened(number))),
        _ => new(CellKind.Value, value: wrapped, bare: unwrapped),
    };

    /// <summary>The text of a cell that holds some: text as it is, a JSON string unescaped, a number as it is written.</summary>
    /// <returns>True if the cell holds text or a number.</returns>
    public bool TryGetText(out string text)
    {
        text = Kind switch
        {
            CellKind.Utf8 => Encoding.UTF8.GetString(Utf8),
            CellKind.Text => Text,
            CellKind.Json when Utf8[0] == '"' => JsonText(),
            CellKind.Json when Utf8[0] is not ((byte)'{' or (byte)'[') => Encoding.UTF8.GetString(Utf8),
            CellKind.Integer => Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
            CellKind.Number => Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            CellKind.Boolean => Boolean ? "true" : "false",
            CellKind.Value when _bare is Guid or decimal or ulong or Uri or Enum or System.Numerics.BigInteger =>
                Convert.ToString(_bare, System.Globalization.CultureInfo.InvariantCulture)!,
            _ => string.Empty,
        };
        return Kind is CellKind.Utf8 or CellKind.Text || text.Length > 0 || (Kind == CellKind.Json && Utf8[0] == '"');
    }

    /// <summary>The cell's text in an error, shortened.</summary>
    /// <returns>A quoted excerpt.</returns>
    public override string ToString()
    {
        const int Longest = 60;
        string text = Kind switch
        {
            CellKind.Missing or CellKind.Null => "null",
            CellKind.Json => Encoding.UTF8.GetString(Utf8),
            CellKind.Time => Timestamps.Format(Time),
            CellKind.Duration => Duration.ToString("c"),
            _ => TryGetText(out string found) ? found : _bare?.GetType().Name ?? Kind.ToString(),
        };
        return text.Length <= Longest ? $"'{text}'" : $"'{text.AsSpan(0, Longest)}…'";
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private bool HoldsBlanks() => Kind switch
    {
        CellKind.Utf8 => Utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0,
        CellKind.Text => string.IsNullOrWhiteSpace(Text),
        CellKind.Json => Utf8[0] switch
        {
            (byte)'n' => true,
            (byte)'"' => Utf8[1] == '"' || (Utf8[1] <= ' ' && Utf8[1..^1].IndexOfAnyExcept(" \t"u8) < 0),
            _ => false,
        },
        _ => false,
    };

    // A user who writes 0.1f means 0.1, not 0.10000000149011612.
    private static double Widened(float number) => double.Parse(
        number.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private string JsonText()
    {
        var reader = new Utf8JsonReader(Utf8);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new EventRowException(string.Empty, $"the text {ToString()} {SurrogatePairs.Half}");
        }
    }
}

/// <summary>The form in which a row has a value.</summary>
public enum CellKind : byte
{
    /// <summary>The row has no such field.</summary>
    Missing,

    /// <summary>The row has null.</summary>
    Null,

    /// <summary>Text, as UTF-8.</summary>
    Utf8,

    /// <summary>Text, as a .NET string.</summary>
    Text,

    /// <summary>A JSON value, unchanged from its source; known to be well formed.</summary>
    Json,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A point in time.</summary>
    Time,

    /// <summary>A length of time.</summary>
    Duration,

    /// <summary>Any other object, to be written as JSON by the host.</summary>
    Value,
}

/// <summary>A <see cref="Cell"/> that was copied off its row.</summary>
/// <param name="Kind">The form.</param>
/// <param name="Bits">The number, flag or ticks.</param>
/// <param name="Value">The text or object.</param>
/// <param name="Bare">The value without the host's wrapping.</param>
/// <param name="Utf8">The bytes of text and JSON.</param>
internal sealed record KeptCell(CellKind Kind, long Bits, object? Value, object? Bare, byte[]? Utf8);
