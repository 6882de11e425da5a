using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

/// <summary>The list of spans and the search for them, in any experiment.</summary>
public sealed class SpanSearchTests : IAsyncLifetime
{
    private const string Spans = "/api/v2/llm-obs/v1/spans/events";
    private const string Wide = "filter[from]=1970-01-01T00:00:00Z&filter[to]=2100-01-01T00:00:00Z";

    private TestEmulator _emulator = null!;
    private string _id = string.Empty;

    public async Task InitializeAsync()
    {
        _emulator = new TestEmulator(new EmulatorOptions { CheckMetricAge = false });
        _id = await _emulator.ExperimentAsync();
        await _emulator.PushAsync(_id, Bodies.Spans(
            Bodies.Span("s1", ",\"meta\":{\"input\":\"how?\",\"output\":{\"a\":1}},\"tags\":[\"x:1\"]"),
            Bodies.Span("s2"),
            Bodies.Span("s3")));
        await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric("s1", "f", ",\"score_value\":0.25,\"reasoning\":\"why\"")));
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("filter[span_id]=s2", "s2")]
    [InlineData("filter[query]=span_id:s3", "s3")]
    [InlineData("filter[query]=how&filter[span_id]=s2", "s1")] // the query goes before the fields
    [InlineData("filter[span_kind]=experiment", "s3 s2 s1")]
    [InlineData("filter[span_kind]=llm", "")]
    [InlineData("sort=timestamp", "s1 s2 s3")]
    [InlineData("sort=-start_ns&page[limit]=2", "s3 s2")]
    public async Task Lists_spans_that_fit(string query, string expected)
    {
        Reply reply = await _emulator.GetAsync($"{Spans}?{Wide}&{query}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Ids(reply));
    }

    [Fact]
    public async Task Shows_a_span_with_its_evaluations()
    {
        Reply reply = await _emulator.GetAsync($"{Spans}?{Wide}&filter[span_id]=s1");

        JsonElement span = Assert.Single(reply.Json.GetProperty("data").EnumerateArray());
        Assert.Equal("span", span.GetProperty("type").GetString());
        JsonElement attributes = span.GetProperty("attributes");
        Assert.Equal("how?", attributes.GetProperty("input").GetProperty("value").GetString());
        Assert.Equal("""{"a":1}""", attributes.GetProperty("output").GetProperty("value").GetString());
        Assert.Equal("x:1", attributes.GetProperty("tags")[0].GetString());
        JsonElement metric = attributes.GetProperty("evaluation").GetProperty("f");
        Assert.Equal(0.25, metric.GetProperty("value").GetDouble());
        Assert.Equal("score", metric.GetProperty("eval_metric_type").GetString());
        Assert.Equal("why", metric.GetProperty("reasoning").GetString());
    }

    [Fact]
    public async Task Goes_on_at_a_cursor()
    {
        Reply first = await SearchAsync("""{"filter":{"from":"1970-01-01","to":"2100-01-01"},"page":{"limit":2}}""");
        string cursor = first.Json.GetProperty("meta").GetProperty("after").GetString()!;
        Reply second = await SearchAsync($$$"""{"filter":{"from":"1970-01-01","to":"2100-01-01"},"page":{"limit":2,"cursor":"{{{cursor}}}"}}""");

        Assert.Equal(["s3", "s2"], Ids(first));
        Assert.Equal(["s1"], Ids(second));
    }

    [Fact]
    public async Task Looks_at_the_last_quarter_of_an_hour_if_no_time_is_given()
    {
        string now = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span("now").Replace(StartOf(Bodies.Span("now")), now, StringComparison.Ordinal)));

        Assert.Equal(["now"], Ids(await _emulator.GetAsync(Spans)));
        Assert.Equal(["now"], Ids(await SearchAsync("""{"filter":{"from":"now-1h"}}""")));
        Assert.Empty(Ids(await SearchAsync("""{"filter":{"from":"now-1h"},"options":{"time_offset":-7200}}""")));
    }

    [Theory]
    [InlineData("filter[from]=yesterday", "filter[from]")]
    [InlineData("filter[to]=now-5y", "filter[to]")]
    [InlineData("sort=name", "sort")]
    [InlineData("page[limit]=0", "page[limit]")]
    [InlineData("page[cursor]=x", "page[cursor]")]
    [InlineData("filter[query]=(", "filter[query]")]
    public async Task Refuses_what_it_does_not_understand(string query, string parameter)
    {
        Reply reply = await _emulator.GetAsync($"{Spans}?{query}");

        reply.MustRefuse(400, null, parameter);
    }

    [Fact]
    public async Task Asks_for_the_type_spans() =>
        Assert.Equal(400, (await _emulator.PostAsync(Spans + "/search", Bodies.Data("events", "{}"))).Status);

    private Task<Reply> SearchAsync(string attributes) => _emulator.PostAsync(Spans + "/search", Bodies.Data("spans", attributes));

    private static string[] Ids(Reply reply) => [.. reply.Json.GetProperty("data").EnumerateArray().Select(span => span.GetProperty("id").GetString()!)];

    private static string StartOf(string span)
    {
        using JsonDocument document = JsonDocument.Parse(span);
        return document.RootElement.GetProperty("start_ns").GetRawText();
    }
}
