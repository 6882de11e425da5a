using System.Globalization;
using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class ListExperimentsTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task Lists_the_newest_first()
    {
        string[] ids = [await _emulator.ExperimentAsync("a"), await _emulator.ExperimentAsync("b"), await _emulator.ExperimentAsync("c")];

        Reply reply = await _emulator.GetAsync(TestEmulator.Experiments);

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/vnd.api+json", reply.ContentType);
        Assert.Equal(ids.Reverse(), IdsOf(reply));
        Assert.Equal("experiments", reply.Data[0].GetProperty("type").GetString());
        Assert.Equal("c", reply.Data[0].GetProperty("attributes").GetProperty("experiment").GetString());
        Assert.Equal(string.Empty, reply.Json.GetProperty("meta").GetProperty("after").GetString());
    }

    [Theory]
    [InlineData("filter[project_id]=p2", "b")]
    [InlineData("filter[dataset_id]=d1", "a")]
    [InlineData("filter[experiment]=c", "c")]
    [InlineData("filter[parent_experiment_id]=base", "c")]
    [InlineData("filter[parent_experiment_id]=nobody&filter[parent_experiment_id]=base", "c")]
    [InlineData("filter[metadata]={\"commit\":\"abc\"}", "a", "b")]
    [InlineData("filter[metadata]={\"commit\":\"abc\",\"n\":1}", "a")]
    [InlineData("filter[metadata]={\"tags\":[\"y\"]}", "b")]
    [InlineData("filter[metadata]={\"tags\":[\"y\",\"z\"]}")]
    [InlineData("filter[metadata]={\"deep\":{\"x\":1}}", "b")]
    [InlineData("filter[metadata]={}", "a", "b")]
    [InlineData("filter[project_id]=p1&filter[dataset_id]=d1", "a")]
    [InlineData("filter[project_id]=p2&filter[dataset_id]=d1")]
    [InlineData("filter[project_id]=", "a", "b", "c")]
    [InlineData("filter[is_deleted]=false", "a", "b", "c")]
    [InlineData("filter[is_deleted]=true")]
    public async Task Filters_narrow_the_list(string query, params string[] expected)
    {
        await _emulator.CreateAsync("""{"name":"a","project_id":"p1","dataset_id":"d1","metadata":{"commit":"abc","n":1}}""");
        await _emulator.CreateAsync("""{"name":"b","project_id":"p2","metadata":{"commit":"abc","tags":["x","y"],"deep":{"x":1,"z":2}}}""");
        await _emulator.CreateAsync("""{"name":"c","project_id":"p1","parent_experiment_id":"base"}""");

        // As the clients write it, and as a person would.
        foreach (string sent in new[] { query, string.Join('&', query.Split('&').Select(Escaped)) })
        {
            Reply reply = await _emulator.GetAsync($"{TestEmulator.Experiments}?{sent}");
            Assert.Equal(expected.Reverse(), reply.Data.EnumerateArray().Select(item => item.GetProperty("attributes").GetProperty("experiment").GetString()));
        }
    }

    [Fact]
    public async Task An_id_or_a_whole_name_finds_one_several_ids_find_several()
    {
        string a = await _emulator.ExperimentAsync("a");
        string b = await _emulator.ExperimentAsync("a");
        await _emulator.ExperimentAsync("a");
        string name = _emulator.Store.FindExperiment(b)!.Name;

        Assert.Equal([a], IdsOf(await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[id]={a}")));
        Assert.Equal([b, a], IdsOf(await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[id]={a}&filter[id]={b}")));
        Assert.Equal([b], IdsOf(await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[name]={name}")));
        Assert.Empty(IdsOf(await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[id]=nobody")));
    }

    [Fact]
    public async Task A_plus_in_a_query_is_a_space()
    {
        await _emulator.ExperimentAsync("faq bot");
        Assert.Single(IdsOf(await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[experiment]=faq+bot")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Pages_together_are_the_whole_list_each_item_once(int limit)
    {
        var ids = new List<string>();
        for (int index = 0; index < 7; index++)
        {
            ids.Insert(0, await _emulator.ExperimentAsync());
        }

        Assert.Equal(ids, await AllAsync(limit));
    }

    [Fact]
    public async Task What_is_made_or_deleted_between_two_pages_neither_repeats_nor_hides_others()
    {
        string[] ids = [await _emulator.ExperimentAsync(), await _emulator.ExperimentAsync(), await _emulator.ExperimentAsync(), await _emulator.ExperimentAsync()];
        Reply first = await _emulator.GetAsync($"{TestEmulator.Experiments}?page[limit]=2");
        Assert.Equal([ids[3], ids[2]], IdsOf(first));

        await _emulator.ExperimentAsync("newer");
        await _emulator.DeleteAsync(ids[2]);
        Reply second = await _emulator.GetAsync($"{TestEmulator.Experiments}?page[limit]=2&page[cursor]={After(first)}");

        Assert.Equal([ids[1], ids[0]], IdsOf(second));
    }

    [Theory]
    [InlineData(EmulatorListEnd.Empty, """{"after":""}""")]
    [InlineData(EmulatorListEnd.Null, """{"after":null}""")]
    [InlineData(EmulatorListEnd.Absent, "{}")]
    [InlineData(EmulatorListEnd.NoMeta, null)]
    public async Task The_last_page_says_so_as_is_asked_for(EmulatorListEnd end, string? meta)
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { ListEnd = end });
        await emulator.ExperimentAsync();
        Reply reply = await emulator.GetAsync(TestEmulator.Experiments);
        Assert.Equal(meta, reply.Json.TryGetProperty("meta", out JsonElement found) ? found.GetRawText() : null);
    }

    [Theory]
    [InlineData("page[limit]=0", "page[limit]")]
    [InlineData("page[limit]=-1", "page[limit]")]
    [InlineData("page[limit]=ten", "page[limit]")]
    [InlineData("page[cursor]=zzz", "page[cursor]")]
    [InlineData("page[cursor]=%00%ff", "page[cursor]")]
    [InlineData("filter[metadata]=[1]", "filter[metadata]")]
    [InlineData("filter[metadata]={", "filter[metadata]")]
    [InlineData("filter[is_deleted]=maybe", "filter[is_deleted]")]
    [InlineData("include[user_data]=1", "include[user_data]")]
    public async Task A_wrong_parameter_is_refused_by_its_name(string query, string parameter)
    {
        Reply reply = await _emulator.GetAsync($"{TestEmulator.Experiments}?{query}");
        reply.MustRefuse(400, null, parameter);
    }

    [Fact]
    public async Task A_limit_above_5000_is_taken_for_5000()
    {
        await _emulator.ExperimentAsync();
        Assert.Equal(200, (await _emulator.GetAsync($"{TestEmulator.Experiments}?page[limit]=99999999999")).Status);
    }

    [Fact]
    public async Task Authors_are_told_where_they_are_asked_for()
    {
        await _emulator.ExperimentAsync();
        Assert.False((await _emulator.GetAsync(TestEmulator.Experiments)).Data[0].GetProperty("attributes").TryGetProperty("author", out _));
        Reply reply = await _emulator.GetAsync($"{TestEmulator.Experiments}?include[user_data]=true");
        Assert.Equal("Emulator User", reply.Data[0].GetProperty("attributes").GetProperty("author").GetProperty("name").GetString());
    }

    [Fact]
    public async Task With_a_lag_new_ones_are_listed_later()
    {
        var time = new FixedTime(DateTimeOffset.UnixEpoch.AddDays(20000));
        await using var emulator = new TestEmulator(new EmulatorOptions { ReadLag = TimeSpan.FromSeconds(5), Time = time });
        string id = await emulator.ExperimentAsync();

        Assert.Empty(IdsOf(await emulator.GetAsync(TestEmulator.Experiments)));
        time.Now += TimeSpan.FromSeconds(4.9);
        Assert.Empty(IdsOf(await emulator.GetAsync(TestEmulator.Experiments)));
        time.Now += TimeSpan.FromSeconds(0.2);
        Assert.Equal([id], IdsOf(await emulator.GetAsync(TestEmulator.Experiments)));
    }

    [Fact]
    public async Task A_path_that_takes_several_methods_names_them_all()
    {
        Reply reply = await _emulator.SendAsync("PUT", TestEmulator.Experiments, null);
        Assert.Equal(405, reply.Status);
        Assert.Equal("POST, GET", reply.Headers["Allow"]);
    }

    internal static IEnumerable<string> IdsOf(Reply reply) => reply.Data.EnumerateArray().Select(item => item.GetProperty("id").GetString()!);

    private static string After(Reply reply) => reply.Json.GetProperty("meta").GetProperty("after").GetString()!;

    private static string Escaped(string parameter) => string.Join('=', parameter.Split('=', 2).Select(Uri.EscapeDataString));

    private async Task<List<string>> AllAsync(int limit)
    {
        var ids = new List<string>();
        string cursor = string.Empty;
        for (int page = 0; page < 20; page++)
        {
            Reply reply = await _emulator.GetAsync(string.Create(
                CultureInfo.InvariantCulture, $"{TestEmulator.Experiments}?page[limit]={limit}&page[cursor]={cursor}"));
            Assert.InRange(reply.Data.GetArrayLength(), 0, limit);
            ids.AddRange(IdsOf(reply));
            cursor = After(reply);
            if (cursor.Length == 0)
            {
                return ids;
            }
        }

        throw new InvalidOperationException("The list did not end.");
    }

    [Fact]
    public async Task What_the_events_come_to_stands_in_the_list()
    {
        await using var emulator = new TestEmulator();
        string id = await emulator.ExperimentAsync();
        Assert.False((await emulator.GetAsync(TestEmulator.Experiments)).Data[0].GetProperty("attributes").TryGetProperty("aggregate_data", out _));
        string failed = Bodies.With(Bodies.Span("s2", ",\"metrics\":{\"input_tokens\":10,\"output_tokens\":5,\"estimated_total_cost\":7000}"), "status", "\"error\"");
        await emulator.PushAsync(id, Bodies.Spans(Bodies.Span("s1"), Bodies.Span("s1"), failed));
        await emulator.PushAsync(id, Bodies.Metrics(
            Bodies.Metric("s1", more: ",\"score_value\":0.5"), Bodies.Metric("s2", more: ",\"score_value\":1")));

        System.Text.Json.JsonElement sums = (await emulator.GetAsync(TestEmulator.Experiments)).Data[0].GetProperty("attributes").GetProperty("aggregate_data");

        Assert.Equal(
            """{"custom":{"faithfulness":{"metric_type":"score","count":2,"average":0.75}},"summary":null}""", sums.GetProperty("evaluations").GetRawText());
        Assert.Equal((2, 1, 15, 10, 5, 3_000_000_000, 7000), (
            sums.GetProperty("total_spans").GetInt32(), sums.GetProperty("total_errors").GetInt32(), sums.GetProperty("total_tokens").GetInt32(),
            sums.GetProperty("total_input_tokens").GetInt32(), sums.GetProperty("total_output_tokens").GetInt32(),
            sums.GetProperty("total_duration_ns").GetInt64(), sums.GetProperty("estimated_total_cost").GetInt32()));
    }
}
