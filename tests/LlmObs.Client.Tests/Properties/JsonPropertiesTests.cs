using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace LlmObs.Client.Tests;

/// <summary>A value that goes into the JSON of an event comes out equal, or is refused: for all values, not only for those one thinks of.</summary>
public sealed class JsonPropertiesTests
{
    [Fact]
    public void A_value_comes_out_of_its_JSON_equal() => Holds.ForAll(Arb.From(JsonValues.Value), value =>
    {
        using JsonDocument json = JsonDocument.Parse(Write(value), new JsonDocumentOptions { MaxDepth = 256 });
        JsonValues.MustEqual(value, json.RootElement);
    });

    [Fact]
    public void A_value_in_a_row_comes_out_of_the_event_equal() => Holds.ForAll(Arb.From(JsonValues.Value), value =>
    {
        using JsonDocument json = JsonDocument.Parse(Event(TableRow.Metric(("metric_type", "json"), ("json_value", new Dictionary<string, object?> { ["v"] = value }))));
        JsonValues.MustEqual(value, json.RootElement.GetProperty("json_value").GetProperty("v"));
    });

    [Fact]
    public void JSON_in_a_line_is_sent_as_it_stands() => Holds.ForAll(Arb.From(JsonValues.Value), value =>
    {
        string json = Encoding.UTF8.GetString(Write(value));
        var rows = new WrittenRows();
        Read(rows, $$"""{"span_id":"s","label":"l","metric_type":"json","json_value":{"v":{{json}}},"timestamp_ms":1}""");
        Assert.Empty(rows.Problems);
        Assert.Contains($$"""{"v":{{json}}}""", Assert.Single(rows.Events), StringComparison.Ordinal);
    });

    [Fact]
    public void Any_text_at_all_is_written_whole_or_refused() => Holds.ForAll(ArbMap.Default.ArbFor<char[]>(), letters =>
    {
        var text = new string(letters);
        bool isText = !HasHalfPair(text);
        try
        {
            using JsonDocument json = JsonDocument.Parse(Write(new[] { text }));
            Assert.Equal(text, json.RootElement[0].GetString());
            Assert.True(isText);
        }
        catch (UnwritableValueException refusal)
        {
            Assert.Equal("$[0]", refusal.Path);
            Assert.False(isText);
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(Event(TableRow.Metric(("score_value", 1), ("reasoning", "." + text))));
            Assert.Equal("." + text, json.RootElement.GetProperty("reasoning").GetString());
            Assert.True(isText);
        }
        catch (EventRowException)
        {
            Assert.False(isText);
        }
    });

    [Fact]
    public void A_line_with_a_few_bytes_changed_is_an_event_of_valid_JSON_or_an_error() => Holds.ForAll(
        Arb.From(Gen.Choose(0, 200).Zip(Gen.Choose(0, 255)).ListOf().Where(changes => changes.Count is > 0 and < 8)),
        changes =>
        {
            byte[] line = [.. """{"span_id":"s1","label":"l\u00e4\"","metric_type":"score","score_value":-1.5e3,"timestamp_ms":1700000000000,"tags":["a:b"],"metadata":{"a":[1,{"b":null}]}}"""u8];
            foreach ((int at, int value) in changes)
            {
                line[at % line.Length] = (byte)value;
            }

            var rows = new WrittenRows();
            new JsonEventReader(rows, "f").ReadText(line, new RowPlace("f", 1));
            Assert.True(rows.Events.Count + rows.Problems.Count <= 1, "a line is at most one event or one error");
            foreach (string sent in rows.Events)
            {
                using JsonDocument json = JsonDocument.Parse(sent);
                Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
                using JsonDocument read = JsonDocument.Parse(line); // what is sent was JSON before
            }
        },
        times: 2000);

    private static byte[] Write(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonDefaults.WriterOptions))
        {
            HostObjectJson.Default.Write(writer, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Event(EventRow row)
    {
        var rows = new EventWriter(new EventDefaults(), HostObjectJson.Default, new WaitlessTime());
        using var buffer = new PooledBuffer();
        using (rows)
        {
            rows.Write(row, EventKind.Metric, buffer);
        }

        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    private static void Read(WrittenRows rows, string line) =>
        new JsonEventReader(rows, "f").ReadText(Encoding.UTF8.GetBytes(line), new RowPlace("f", 1));

    private static bool HasHalfPair(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) && at++ >= 0))
            {
                return true;
            }
        }

        return false;
    }
}
