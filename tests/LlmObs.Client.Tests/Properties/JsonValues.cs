using System.Globalization;
using System.Numerics;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace LlmObs.Client.Tests;

/// <summary>Values that JSON can represent, in all their types and depths, and the test that JSON is equal to them.</summary>
internal static class JsonValues
{
    /// <summary>Text of whole characters: ASCII, what must be escaped, and pairs of surrogates.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(
        Gen.Choose(' ', '~').Select(code => ((char)code).ToString()),
        Gen.Choose(0, 0x1F).Select(code => ((char)code).ToString()),
        Gen.Elements("\"", "\\", "/", "\u007f", "\u0085", "\u2028", "\uFEFF", "\uFFFF", "ß", "İ", "漢"),
        Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32)).ListOf().Select(string.Concat);

    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Gen.Constant<object?>(null),
        Text.Select(text => (object?)text),
        Gen.Elements<object?>(true, false, long.MinValue, long.MaxValue, ulong.MaxValue, double.Epsilon, double.MaxValue, -0.0, decimal.MaxValue, decimal.MinValue, 0.1f),
        ArbMap.Default.GeneratorFor<int>().Select(number => (object?)number),
        ArbMap.Default.GeneratorFor<long>().Select(number => (object?)number),
        ArbMap.Default.GeneratorFor<decimal>().Select(number => (object?)number),
        ArbMap.Default.GeneratorFor<BigInteger>().Select(number => (object?)number),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(number => (object?)number.Item));

    /// <summary>A value with lists and dictionaries in each other.</summary>
    public static Gen<object?> Value { get; } = Gen.Sized(size => Nested(Math.Min(size, 40)));

    public static void MustEqual(object? value, JsonElement json)
    {
        switch (value)
        {
            case null:
                Assert.Equal(JsonValueKind.Null, json.ValueKind);
                break;
            case string text:
                Assert.Equal(text, json.GetString());
                break;
            case bool flag:
                Assert.Equal(flag, json.GetBoolean());
                break;
            case double number:
                Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(json.GetDouble()));
                break;
            case float number:
                Assert.Equal(number, json.GetSingle());
                break;
            case decimal number:
                Assert.Equal(number.ToString(CultureInfo.InvariantCulture), json.GetRawText());
                break;
            case BigInteger or long or int or ulong:
                Assert.Equal(Convert.ToString(value, CultureInfo.InvariantCulture), json.GetRawText());
                break;
            case OrderedDictionary<string, object?> members:
                Assert.Equal(members.Keys, json.EnumerateObject().Select(member => member.Name));
                Assert.All(json.EnumerateObject(), member => MustEqual(members[member.Name], member.Value));
                break;
            case IReadOnlyList<object?> items:
                Assert.Equal(items.Count, json.GetArrayLength());
                Assert.All(items.Zip(json.EnumerateArray()), pair => MustEqual(pair.First, pair.Second));
                break;
            default:
                Assert.Fail($"{value.GetType()} is none of the types that are made here.");
                break;
        }
    }

    private static Gen<object?> Nested(int size) => size == 0 ? Scalar : Gen.Frequency(
        (3, Scalar),
        (1, Nested(size / 3).ListOf().Resize(size).Select(items => (object?)items.ToArray())),
        (1, Text.Zip(Nested(size / 3)).ListOf().Resize(size).Select(members => (object?)Members(members))));

    private static OrderedDictionary<string, object?> Members(IEnumerable<(string Name, object? Value)> members)
    {
        var made = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, object? value) in members)
        {
            made.TryAdd(name, value);
        }

        return made;
    }
}
