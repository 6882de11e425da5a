namespace LlmObs.Client.Tests;

public sealed class SearchRequestTests
{
    [Fact]
    public async Task A_search_reads_on_after_206_and_ends_with_200()
    {
        using var server = new ScriptedServer(
            Reply.Of(206, """{"data":{"id":"x","attributes":{"experiments":[{"id":"e1","name":"n","new":1}]}},"meta":{"after":"c1"}}"""),
            Reply.Of(200, """{"data":{"id":"x","attributes":{"experiments":[{"id":"e2","type":"experiments","attributes":{"name":"m"}}]}},"meta":{"after":""}}"""));
        using LlmObsClient client = TestClient.For(server);
        List<Experiment> found = await ReadAsync(client.SearchExperiments(new ExperimentSearch { Query = "faq @status:failed" }));
        Assert.Equal([("e1", "n"), ("e2", "m")], found.Select(one => (one.Id, one.Name!)));
        Assert.Equal(["new"], Assert.IsAssignableFrom<IDictionary<string, object?>>(found[0].AdditionalProperties).Keys);
        Assert.Equal("/api/v2/llm-obs/v1/experimentation/search", server.Requests[0].Target);
        Assert.Equal(
            """{"data":{"type":"experimentation","attributes":{"filter":{"query":"faq @status:failed","scope":["experiments"]},"page":{"limit":1000}}}}""",
            server.Requests[0].Text);
        Assert.Equal(
            """{"data":{"type":"experimentation","attributes":{"filter":{"query":"faq @status:failed","scope":["experiments"]},"page":{"cursor":"c1","limit":1000}}}}""",
            server.Requests[1].Text);
    }

    [Fact]
    public async Task Everything_that_is_asked_for_is_sent()
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":{"attributes":{}}}"""));
        using LlmObsClient client = TestClient.For(server);
        var search = new ExperimentSearch { Deleted = true, IncludeDeleted = true, IncludeUser = true, SortField = "created_at", Descending = true };
        Assert.Empty(await ReadAsync(client.SimpleSearchExperiments(search)));
        Assert.Equal("/api/v2/llm-obs/v1/experimentation/simple-search", server.Only.Target);
        Assert.Equal(
            """{"data":{"type":"experimentation","attributes":{"filter":{"include_deleted":true,"is_deleted":true,"scope":["experiments"]},"include":{"user_data":true},"page":{"limit":1000,"number":1},"sort":[{"direction":"desc","field":"created_at"}]}}}""",
            server.Only.Text);
    }

    [Theory]
    [InlineData(""","meta":{"page":{"current":1,"limit":1,"total_count":2,"total_pages":2}}""", 2, 2L)]
    [InlineData("", 3, null)]
    public async Task A_simple_search_goes_on_to_its_last_page_or_to_an_empty_one(string meta, int requests, long? total)
    {
        using var server = new ScriptedServer((_, index) => Reply.Of(
            200, index < 2 ? $$$"""{"data":{"attributes":{"experiments":[{"id":"e{{{index}}}"}]}}{{{meta}}}}""" : """{"data":{"attributes":{"experiments":null}}}"""));
        using LlmObsClient client = TestClient.For(server);
        var pages = new List<Page<Experiment>>();
        await foreach (Page<Experiment> page in client.SimpleSearchExperiments(new ExperimentSearch()).ReadAsync())
        {
            pages.Add(page);
        }

        Assert.Equal(["e0", "e1"], pages.SelectMany(page => page.Items).Select(one => one.Id));
        Assert.Equal(requests, server.Requests.Count);
        Assert.Equal(total, pages[0].TotalCount);
    }

    [Fact]
    public async Task A_result_without_an_id_is_no_failure()
    {
        // The documents name no id among the attributes that a search gives out.
        using var server = new ScriptedServer(Reply.Of(200, """{"data":{"attributes":{"experiments":[{"name":"n"},{"experiment_id":"e2"}]}}}"""));
        using LlmObsClient client = TestClient.For(server);
        Assert.Equal([string.Empty, "e2"], (await ReadAsync(client.SearchExperiments(new ExperimentSearch()))).Select(one => one.Id));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":{"attributes":{"experiments":{}}}}""")]
    public async Task What_is_no_result_is_said_to_be_none(string body)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ReadAsync(client.SearchExperiments(new ExperimentSearch())));
        Assert.Equal(FailureKind.UnreadableAnswer, failure.Kind);
    }

    private static async Task<List<Experiment>> ReadAsync(PagedCall<Experiment> call)
    {
        var found = new List<Experiment>();
        await foreach (Page<Experiment> page in call.ReadAsync())
        {
            found.AddRange(page.Items);
        }

        return found;
    }
}
