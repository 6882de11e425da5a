using System.Buffers;
using System.Collections;
using System.Dynamic;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmObs.Client.Tests;

public sealed class FreeFormWriteTests
{
    private enum Colour
    {
        Red = 3,
    }

    public static TheoryData<string> Cultures => new("", "de-DE", "tr-TR", "ar-SA");

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Each_scalar_has_one_form_in_every_culture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            foreach ((object? value, string json) in Scalars())
            {
                Assert.Equal(json, Write(value));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Dictionaries_and_lists_nest_and_keep_their_order()
    {
        var value = new OrderedDictionary<string, object?>
        {
            ["z"] = new object?[] { 1, null, new Hashtable { ["k"] = "v" }, Array.Empty<int>() },
            ["a"] = new Dictionary<string, int> { ["y"] = 1, ["b"] = 2 },
            ["e"] = new Dictionary<string, object?>(),
            ["l"] = Enumerable.Range(1, 3),
        };
        Assert.Equal("""{"z":[1,null,{"k":"v"},[]],"a":{"y":1,"b":2},"e":{},"l":[1,2,3]}""", Write(value));
    }

    [Fact]
    public void An_expando_is_an_object()
    {
        IDictionary<string, object?> expando = new ExpandoObject();
        expando["b"] = 1;
        expando["a"] = "x";
        Assert.Equal("""{"b":1,"a":"x"}""", Write(expando));
    }

    [Fact]
    public void Keys_that_are_numbers_or_enums_become_text()
    {
        Assert.Equal("""{"1":"a"}""", Write(new Hashtable { [1] = "a" }));
        Assert.Equal("""{"Red":"a"}""", Write(new Hashtable { [Colour.Red] = "a" }));
        Assert.Equal("""{"1.5":"a"}""", Write(new Hashtable { [1.5] = "a" }));
    }

    [Fact]
    public void Keys_without_an_obvious_text_are_refused() =>
        Assert.Equal("$.in", Refusal(new Dictionary<string, object> { ["in"] = new Hashtable { [new object()] = 1 } }).Path);

    [Fact]
    public void Keys_that_become_the_same_text_are_refused() =>
        Assert.Contains("'1' twice", Refusal(new Hashtable { [1] = "a", ["1"] = "b" }).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_that_json_has_none_for_are_refused_with_their_path(double number)
    {
        Assert.Equal("$.a[1].b", Refusal(new Hashtable { ["a"] = new object[] { 1, new Hashtable { ["b"] = number } } }).Path);
        Assert.Equal("$[0]", Refusal(new[] { (float)number }).Path);
        Assert.Equal("$", Refusal((Half)number).Path);
    }

    [Fact]
    public void A_cycle_is_refused_with_its_path()
    {
        var list = new List<object>();
        var table = new Hashtable { ["items"] = list };
        list.Add(1);
        list.Add(table);
        UnwritableValueException refusal = Refusal(table);
        Assert.Equal(("$.items[1]", "contains itself"), (refusal.Path, refusal.Reason));
    }

    [Fact]
    public void The_same_object_twice_is_no_cycle()
    {
        var shared = new Hashtable { ["x"] = 1 };
        Assert.Equal("""[{"x":1},{"x":1}]""", Write(new[] { shared, shared }));
    }

    [Fact]
    public void Depth_up_to_the_limit_is_written_and_beyond_it_refused()
    {
        Assert.Equal(new string('[', HostObjectJson.MaxDepth) + new string(']', HostObjectJson.MaxDepth), Write(Nested(HostObjectJson.MaxDepth)));
        UnwritableValueException refusal = Refusal(Nested(HostObjectJson.MaxDepth + 1));
        Assert.Equal("$" + string.Concat(Enumerable.Repeat("[0]", HostObjectJson.MaxDepth)), refusal.Path);
        Assert.Contains("128 levels", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("128 levels", Refusal(Nested(100_000)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_with_its_path()
    {
        Assert.Equal("$.t", Refusal(new Hashtable { ["t"] = "cut \ud83d" }).Path);
        Assert.Equal("$.t", Refusal(new Hashtable { ["t"] = "\ude00 turned \ud83d" }).Path);
        Assert.Equal("$[0]", Refusal(new[] { '\ud83d' }).Path);
        Assert.Contains("surrogate", Refusal(new Hashtable { ["k\ud83d"] = 1 }).Reason, StringComparison.Ordinal);
        JsonAssert.Same("\"😀\"", Write("😀"));
    }

    [Fact]
    public void Objects_that_are_no_data_are_refused()
    {
        Assert.Equal("$[0]", Refusal(new object[] { new StringBuilder() }).Path);
        Assert.Contains("System.Object", Refusal(new object()).Reason, StringComparison.Ordinal);
        Assert.Equal("$", Refusal(default(JsonElement)).Path);
    }

    [Fact]
    public void Json_that_is_already_there_goes_through_as_it_is()
    {
        using var document = JsonDocument.Parse("""{"n":12345678901234567890.10,"a":[1,null]}""");
        Assert.Equal("""{"x":{"n":12345678901234567890.10,"a":[1,null]}}""", Write(new Hashtable { ["x"] = document.RootElement }));
        Assert.Equal("""{"b":2,"a":1}""", Write(JsonNode.Parse("""{"b":2,"a":1}""")));
    }

    [Fact]
    public void A_host_may_unwrap_values_and_name_members()
    {
        var value = new OrderedDictionary<string, object?> { ["v"] = new Wrapped(5), ["w"] = new Wrapped(new StringBuilder("x")) };
        Assert.Equal("""{"v":5,"w":{"inner":"x"}}""", Write(value, new WrappingHost()));
    }

    private static IEnumerable<(object? Value, string Json)> Scalars() =>
    [
        (null, "null"), (DBNull.Value, "null"), ("", "\"\""), ("1,5", "\"1,5\""), ("a\"\\\n\u0001<é>", "\"a\\\"\\\\\\n\\u0001<é>\""), ('x', "\"x\""),
        (true, "true"), (false, "false"), (sbyte.MinValue, "-128"), (short.MinValue, "-32768"), (int.MinValue, "-2147483648"),
        (long.MinValue, "-9223372036854775808"), (long.MaxValue, "9223372036854775807"), (byte.MaxValue, "255"), (ushort.MaxValue, "65535"),
        (uint.MaxValue, "4294967295"), (ulong.MaxValue, "18446744073709551615"), (1.5, "1.5"), (-0.0, "-0"), (0.1, "0.1"), (0.1f, "0.1"),
        (double.MaxValue, "1.7976931348623157E+308"), ((Half)0.5, "0.5"), (79228162514264337593543950335m, "79228162514264337593543950335"),
        (1.10m, "1.10"), (BigInteger.Parse("123456789012345678901234567890", CultureInfo.InvariantCulture), "123456789012345678901234567890"),
        (BigInteger.MinusOne, "-1"), (new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "\"2026-01-02T03:04:05Z\""),
        (new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Unspecified), "\"2026-01-02T03:04:05Z\""),
        (new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1).ToLocalTime(), "\"2026-01-02T03:04:05.0000001Z\""),
        (new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), "\"2026-01-02T01:04:05Z\""), (new DateOnly(2026, 1, 2), "\"2026-01-02\""),
        (new TimeOnly(3, 4, 5), "\"03:04:05.0000000\""), (TimeSpan.FromSeconds(1.5), "\"00:00:01.5000000\""),
        (Guid.Empty, "\"00000000-0000-0000-0000-000000000000\""), (new Uri("https://x/é"), "\"https://x/é\""), (new Version(1, 2), "\"1.2\""),
        (Colour.Red, "\"Red\""), ((Colour)9, "\"9\""), (new byte[] { 1, 2, 255 }, "\"AQL/\""),
    ];

    private static object Nested(int depth)
    {
        object value = Array.Empty<object>();
        for (int level = 1; level < depth; level++)
        {
            value = new[] { value };
        }

        return value;
    }

    private static string Write(object? value, HostObjectJson? host = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonDefaults.WriterOptions))
        {
            (host ?? HostObjectJson.Default).Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static UnwritableValueException Refusal(object value) => Assert.Throws<UnwritableValueException>(() => Write(value));

    private sealed record Wrapped(object Inner);

    private sealed class WrappingHost : HostObjectJson
    {
        protected internal override object? Unwrap(object? value) => value is Wrapped wrapped ? wrapped.Inner : base.Unwrap(value);

        protected internal override IEnumerable<KeyValuePair<string, object?>>? Members(object value, object wrapped) =>
            value is StringBuilder ? [KeyValuePair.Create<string, object?>("inner", value.ToString())] : null;
    }
}
