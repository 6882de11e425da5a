namespace LlmObs.Client.Tests;

public sealed class AggregateTests
{
    private static readonly AggregateQuery Plain = new() { Compute = [new AggregateCompute("score_value")] };

    public static TheoryData<string, AggregateQuery, string> Queries => new()
    {
        { "least", Plain, Expected() },
        { "alias", Plain with { Compute = [new AggregateCompute("score_value", "avg"), new AggregateCompute("duration")] },
            Expected(compute: """[{"metric":"score_value","name":"avg"},{"metric":"duration"}]""") },
        { "indexes", Plain with { Indexes = ["a", "b"] }, Expected(indexes: """["a","b"]""") },
        { "query", Plain with { Query = "@label:\"x y\"" }, Expected(query: "@label:\\\"x y\\\"") },
        { "group_by", Plain with { GroupBy = ["label", "span_id"] }, Expected(more: ",\"group_by\":[{\"field\":\"label\"},{\"field\":\"span_id\"}]") },
        { "limit", Plain with { Limit = int.MaxValue }, Expected(more: ",\"limit\":2147483647") },
        { "limit null", Plain with { Limit = (int?)null }, Expected(more: ",\"limit\":null") },
        { "dataset_version", Plain with { DatasetVersion = long.MaxValue }, Expected(more: ",\"dataset_version\":9223372036854775807") },
        { "dataset_version null", Plain with { DatasetVersion = (long?)null }, Expected(more: ",\"dataset_version\":null") },
        { "time", Plain with { From = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_001), To = new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)) },
            Expected(more: ",\"time\":{\"from\":1700000000001,\"to\":1767225600000}") },
        { "time without an end", Plain with { From = DateTimeOffset.UnixEpoch }, Expected() },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_sends_what_is_given_and_nothing_else(string field, AggregateQuery query, string json)
    {
        Assert.NotEmpty(field);
        using var server = new ScriptedServer(Reply.Of(200, """{"data":{"attributes":{"result":{"values":[]}}}}"""));
        using LlmObsClient client = TestClient.For(server);
        await client.Aggregate(query).SendAsync();
        JsonAssert.Same(json, server.Only.Text);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("9223372036854775808")]
    [InlineData("\"many\"")]
    [InlineData("{}")]
    public async Task A_hit_count_that_cannot_be_read_is_an_error_and_not_nothing(string count)
    {
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(
            () => AskAsync("""{"data":{"attributes":{"hit_count":COUNT,"result":{"values":[]}}}}""".Replace("COUNT", count, StringComparison.Ordinal)));
        Assert.Equal(FailureKind.UnreadableAnswer, failure.Kind);
        Assert.Contains("hit_count", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buckets_keep_their_order_their_names_and_their_types()
    {
        AggregateResult result = await AskAsync("""
            {"data":{"id":"a1","type":"x","attributes":{"hit_count":9223372036854775807,"result":{"values":[
            {"by":{"z":"faith","a":7,"b":1.5,"t":true,"n":null},"metrics":{"avg":0.25,"count":3,"big":12345678901234567890,"none":null}},
            {"by":{},"metrics":{}},{"metrics":{"avg":1}},{"by":{"z":"x"}},{"by":null,"metrics":"odd"}]}}}}
            """);
        Assert.Equal(("a1", long.MaxValue, 5), (result.Id, result.HitCount, result.Buckets.Count));
        AggregateBucket first = result.Buckets[0];
        Assert.Equal(["z", "a", "b", "t", "n"], first.By.Keys);
        Assert.Equal(["faith", 7L, 1.5, true, null], first.By.Values);
        Assert.Equal(["avg", "count", "big", "none"], first.Metrics.Keys);
        Assert.Equal([0.25, 3L, 12345678901234567890m, null], first.Metrics.Values);
        Assert.All(result.Buckets, bucket => Assert.Equal(long.MaxValue, bucket.QueryHitCount));
        Assert.Empty(result.Buckets[1].By);
        Assert.Empty(result.Buckets[2].By);
        Assert.Equal(1L, result.Buckets[2].Metrics["avg"]);
        Assert.Empty(result.Buckets[3].Metrics);
        Assert.Empty(result.Buckets[4].Metrics);
    }

    [Theory]
    [InlineData("""{"data":{"attributes":{"result":{"values":[]}}}}""", 0)]
    [InlineData("""{"data":{"id":null,"attributes":{"hit_count":null,"result":{"values":[]}}}}""", 0)]
    [InlineData("""{"data":{"attributes":{"hit_count":"12","result":{"values":[]}}}}""", 12)]
    [InlineData("""{"data":{"attributes":{"hit_count":12.0,"result":{"values":[]}}}}""", 12)]
    [InlineData("""{"data":{"attributes":{"hit_count":3,"result":{"values":null}}}}""", 3)]
    [InlineData("""{"data":{"attributes":{"result":null}}}""", 0)]
    public async Task Missing_fields_and_other_types_are_read_leniently(string body, long hits)
    {
        AggregateResult result = await AskAsync(body);
        Assert.Equal((null, hits), (result.Id, result.HitCount));
        Assert.Empty(result.Buckets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("oops")]
    [InlineData("{}")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":{"attributes":{"result":{"values":{}}}}}""")]
    public async Task An_answer_without_buckets_is_unreadable(string body)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        Assert.Equal(FailureKind.UnreadableAnswer, (await TestClient.FailAsync(client, TestClient.Aggregate)).Kind);
        Assert.Single(server.Requests);
    }

    // The documents' own example asks for a name and is answered with that of the metric.
    [Theory]
    [InlineData("""{"avg_faithfulness":0.85,"n":3}""", "avg_faithfulness,n")]
    [InlineData("""{"score_value":0.85,"span_id":3}""", "avg_faithfulness,n")]
    [InlineData("""{"span_id":3,"score_value":0.85}""", "avg_faithfulness,n")]
    [InlineData("""{"score_value":0.85,"n":3}""", "avg_faithfulness,n")]
    [InlineData("""{"score_value":0.85,"span_id":3,"extra":1}""", "avg_faithfulness,n,extra")]
    public async Task A_value_is_read_under_the_name_that_was_asked_for(string metrics, string names)
    {
        AggregateResult result = await AskAsync(
            """{"data":{"attributes":{"hit_count":3,"result":{"values":[{"metrics":""" + metrics + "}]}}}}",
            new AggregateCompute("score_value", "avg_faithfulness"),
            new AggregateCompute("span_id", "n"));
        Assert.Equal(names.Split(','), result.Buckets[0].Metrics.Keys);
        Assert.Equal((0.85, 3L), (result.Buckets[0].Metrics["avg_faithfulness"], result.Buckets[0].Metrics["n"]));
    }

    [Theory]
    [InlineData("""{"duration":9,"score_value":0.5}""")]
    [InlineData("""{"score_value":9,"x":0.5}""")]
    public async Task A_name_that_is_another_metrics_is_not_mistaken_for_it(string metrics)
    {
        AggregateResult result = await AskAsync(
            """{"data":{"attributes":{"result":{"values":[{"metrics":""" + metrics + "}]}}}}",
            new AggregateCompute("duration", "score_value"),
            new AggregateCompute("score_value", "x"));
        Assert.Equal((9L, 0.5), (result.Buckets[0].Metrics["score_value"], result.Buckets[0].Metrics["x"]));
    }

    [Fact]
    public async Task Two_names_of_one_metric_both_get_its_value()
    {
        AggregateResult result = await AskAsync(
            """{"data":{"attributes":{"result":{"values":[{"metrics":{"score_value":0.5}}]}}}}""",
            new AggregateCompute("score_value", "a"),
            new AggregateCompute("score_value", "b"));
        Assert.Equal(["a", "b"], result.Buckets[0].Metrics.Keys);
    }

    private static async Task<AggregateResult> AskAsync(string body, params AggregateCompute[] compute)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server);
        return await client.Aggregate(compute.Length == 0 ? Plain : Plain with { Compute = compute }).SendAsync();
    }

    private static string Expected(
        string compute = """[{"metric":"score_value"}]""", string indexes = """["experiment-evals"]""", string query = "", string more = "") =>
        "{\"data\":{\"type\":\"experimentation\",\"attributes\":{\"aggregate\":{\"compute\":" + compute + ",\"indexes\":" + indexes
        + ",\"search\":{\"query\":\"" + query + "\"}" + more + "}}}}";
}
