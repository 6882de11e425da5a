namespace LlmObs.Client.Tests;

/// <summary>Events that the service may refuse are sent, with a warning.</summary>
public sealed class EventWarningsTests
{
    private static readonly WaitlessTime Time = new();

    private static long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(86_400_001, true)]
    [InlineData(86_400_000, false)]
    [InlineData(0, false)]
    [InlineData(-86_400_001, false)]
    public void A_metric_of_more_than_24_hours_ago_is_doubted(long age, bool doubted)
    {
        string[] said = Doubts(TableRow.Metric(("score_value", 1), ("timestamp_ms", Now - age)));
        Assert.Equal(doubted, said.Length == 1);
        Assert.All(said, text => Assert.StartsWith("The event of row 1 is sent, but may be refused: timestamp_ms is 2026-03-03T05:06:06.999Z, more than 24 hours ago", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_metric_that_is_measured_now_is_not_doubted() => Assert.Empty(Doubts(new TableRow(("span_id", "s"), ("label", "l"), ("score_value", 1))));

    [Theory]
    [InlineData("faith", false)]
    [InlineData("A-z_09", false)]
    [InlineData("two words", true)]
    [InlineData("a.b", true)]
    [InlineData("größe", true)]
    [InlineData("a\"b", true)]
    [InlineData("a\\b", true)]
    public void A_label_of_other_characters_is_doubted(string label, bool doubted)
    {
        Assert.Equal(doubted, Doubts(TableRow.Metric(("score_value", 1), ("timestamp_ms", Now), ("label", label))) is [var text] && text.Contains("label is '", StringComparison.Ordinal));
        string json = System.Text.Json.JsonSerializer.Serialize(new { span_id = "s", label, score_value = 1 });
        Assert.Equal(doubted, Doubts(EventJson.Row(json)).Length == 1);
    }

    [Fact]
    public void A_letter_that_is_escaped_is_a_letter() => Assert.Empty(Doubts(EventJson.Row("""{"span_id":"s","label":"\u0061b","score_value":1}""")));

    [Theory]
    [InlineData("same", "same", true)]
    [InlineData("same", "sam", false)]
    [InlineData("sam", "same", false)]
    public void A_span_with_the_id_of_its_trace_is_doubted(string trace, string span, bool doubted) =>
        Assert.Equal(doubted, Doubts(TableRow.Span(("trace_id", trace), ("span_id", span))) is [var text] && text.Contains("both 'same'", StringComparison.Ordinal));

    [Fact]
    public void Each_kind_is_said_once_and_counted_and_events_are_written_all_the_same()
    {
        var doubts = new EventWarnings();
        using var writer = new EventWriter(new EventDefaults(), HostObjectJson.Default, Time, doubts);
        using var buffer = new PooledBuffer();
        for (int number = 0; number < 1000; number++)
        {
            writer.Write(Upload.Metric(number), EventKind.Metric, buffer); // of 2023
        }

        Assert.Single(doubts.TakeFirst());
        Assert.Empty(doubts.TakeFirst());
        Assert.Equal("1000 events are metrics older than 24 hours; the last is that of f.csv row 1000.", Assert.Single(doubts.Totals()));
        Assert.Equal(1000, System.Text.Encoding.UTF8.GetString(buffer.Written.Span).Split("\"label\"").Length - 1);
    }

    private static string[] Doubts(EventRow row)
    {
        var doubts = new EventWarnings();
        using var writer = new EventWriter(new EventDefaults(), HostObjectJson.Default, Time, doubts);
        using var buffer = new PooledBuffer();
        writer.Write(row, writer.KindOf(row), buffer);
        return [.. doubts.TakeFirst()];
    }
}
