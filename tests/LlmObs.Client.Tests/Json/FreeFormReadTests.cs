using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace LlmObs.Client.Tests;

public sealed class FreeFormReadTests
{
    public static TheoryData<string, object?> Scalars => new()
    {
        { "null", null }, { "true", true }, { "false", false }, { "\"x\\u00e9\"", "xé" }, { "0", 0L }, { "-0", 0L },
        { "9223372036854775807", long.MaxValue }, { "-9223372036854775808", long.MinValue }, { "9223372036854775808", 9223372036854775808m },
        { "18446744073709551615", 18446744073709551615m }, { "79228162514264337593543950335", 79228162514264337593543950335m },
        { "123456789012345678901234567890123", BigInteger.Parse("123456789012345678901234567890123", CultureInfo.InvariantCulture) },
        { "0.30000000000000004", 0.30000000000000004 }, { "0.12345678901234567890123", 0.12345678901234567890123m }, { "1e400", double.PositiveInfinity }, { "1.5", 1.5 }, { "1.0", 1.0 }, { "1e3", 1000.0 }, { "0.1", 0.1 },
        { "\"2026-01-15T10:30:00Z\"", "2026-01-15T10:30:00Z" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void A_scalar_is_read_in_the_first_type_that_holds_it_exactly(string json, object? expected)
    {
        object? value = Read(json);
        Assert.Equal(expected, value);
        Assert.Equal(expected?.GetType(), value?.GetType());
    }

    [Fact]
    public void Objects_and_lists_keep_their_order()
    {
        var value = Assert.IsAssignableFrom<IDictionary<string, object?>>(Read("""{"z":1,"a":[1,"x",null,{"k":true}],"Z":2}"""));
        Assert.Equal(["z", "a", "Z"], value.Keys);
        object?[] list = Assert.IsType<object?[]>(value["a"]);
        Assert.Equal([1L, "x", null], list[..3]);
        Assert.Equal(true, Assert.IsAssignableFrom<IDictionary<string, object?>>(list[3])["k"]);
    }

    [Fact]
    public void Names_are_told_apart_and_unescaped_however_often_they_come()
    {
        string json = """{"a\\u0062":1,"a\u0062":2,"ab":3,"\u00e9":4,"é":5,"LONG":6}""".Replace("LONG", new string('x', 100), StringComparison.Ordinal);
        for (int round = 0; round < 3; round++)
        {
            var value = Assert.IsAssignableFrom<IDictionary<string, object?>>(Read(json));
            Assert.Equal(["a\\u0062", "ab", "é", new string('x', 100)], value.Keys);
            Assert.Equal([1L, 3L, 5L, 6L], value.Values);
        }
    }

    private static object? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return HostObjectJson.Default.Read(document.RootElement);
    }
}
