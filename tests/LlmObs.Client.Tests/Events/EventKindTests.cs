namespace LlmObs.Client.Tests;

public sealed class EventKindTests
{
    [Theory]
    [InlineData("\"name\":\"n\"", EventKind.Span)]
    [InlineData("\"start_ns\":1", EventKind.Span)]
    [InlineData("\"trace_id\":\"t\"", EventKind.Span)]
    [InlineData("\"label\":\"l\"", EventKind.Metric)]
    [InlineData("\"metric_type\":\"score\"", EventKind.Metric)]
    [InlineData("\"label\":\"l\",\"trace_id\":\"t\"", EventKind.Metric)]
    [InlineData("\"label\":\"l\",\"name\":null", EventKind.Metric)]
    [InlineData("\"name\":\"n\",\"label\":\" \"", EventKind.Span)]
    [InlineData("\"name\":\"n\",\"label\":\"l\"", null)]
    [InlineData("\"start_ns\":1,\"metric_type\":\"score\"", null)]
    [InlineData("\"span_id\":\"s\"", null)]
    [InlineData("\"value\":1", null)]
    [InlineData("", null)]
    public void What_a_row_is_follows_from_its_fields_or_is_asked_for(string members, EventKind? kind)
    {
        using var writer = new EventWriter(new EventDefaults(), HostObjectJson.Default, TimeProvider.System);
        JsonRow row = EventJson.Row("{" + members + "}");
        if (kind is not null)
        {
            Assert.Equal(kind, writer.KindOf(row));
        }
        else
        {
            Assert.Contains("-As", Assert.Throws<EventRowException>(() => writer.KindOf(row)).Message, StringComparison.Ordinal);
        }

        using var told = new EventWriter(new EventDefaults { Kind = EventKind.Metric }, HostObjectJson.Default, TimeProvider.System);
        Assert.Equal(EventKind.Metric, told.KindOf(row));
    }
}
