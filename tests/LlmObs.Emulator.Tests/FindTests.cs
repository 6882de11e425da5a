using System.Globalization;
using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class FindTests : IAsyncLifetime
{
    private const string Search = "/api/v2/llm-obs/v1/experimentation/search";
    private const string SimpleSearch = "/api/v2/llm-obs/v1/experimentation/simple-search";

    private readonly TestEmulator _emulator = new();

    public async Task InitializeAsync()
    {
        await _emulator.CreateAsync("""{"name":"faq bot","project_id":"p1","dataset_id":"d1","run_count":3,"metadata":{"commit":"abc"},"ensure_unique":false}""");
        await _emulator.CreateAsync("""{"name":"search-bot","project_id":"p1","run_count":1,"description":"a better FAQ","ensure_unique":false}""");
        await _emulator.CreateAsync("""{"name":"other","project_id":"p2","run_count":2,"config":{"model":"small-1"},"ensure_unique":false}""");
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("", "other", "search-bot", "faq bot")]
    [InlineData("faq", "search-bot", "faq bot")]
    [InlineData("faq bot", "search-bot", "faq bot")]
    [InlineData("\"faq bot\"", "faq bot")]
    [InlineData("@project_id:p1", "search-bot", "faq bot")]
    [InlineData("project_id:p1 -faq*")]
    [InlineData("@metadata.commit:abc", "faq bot")]
    [InlineData("@config.model:small*", "other")]
    [InlineData("@experiment.run_count:>1", "other", "faq bot")]
    [InlineData("run_count:[1 TO 2]", "other", "search-bot")]
    [InlineData("@dataset_id:*", "faq bot")]
    [InlineData("-@dataset_id:*", "other", "search-bot")]
    [InlineData("other OR @run_count:3", "other", "faq bot")]
    [InlineData("nothing")]
    public async Task A_query_finds_what_it_asks_for_the_newest_first(string query, params string[] expected)
    {
        Reply reply = await FindAsync(Search, $$$"""{"filter":{"scope":["experiments"],"query":{{{JsonSerializer.Serialize(query)}}}}}""");
        Assert.Equal(200, reply.Status);
        Assert.Equal(expected, NamesOf(reply));
    }

    [Fact]
    public async Task An_id_finds_its_experiment_and_results_are_flat()
    {
        string id = await _emulator.ExperimentAsync("sought");
        Reply reply = await FindAsync(Search, $$$"""{"filter":{"scope":["experiments"],"query":"@experiment_id:{{{id}}}"},"include":{"user_data":true}}""");
        JsonElement found = Assert.Single(reply.Attributes.GetProperty("experiments").EnumerateArray());
        Assert.Equal(id, found.GetProperty("id").GetString());
        Assert.Equal("sought", found.GetProperty("experiment").GetString());
        Assert.Equal("Emulator User", found.GetProperty("author").GetProperty("name").GetString());
        Assert.Equal("experimentation", reply.Data.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Pages_are_206_until_the_last_one()
    {
        Reply first = await FindAsync(Search, """{"filter":{"scope":["experiments"]},"page":{"limit":2}}""");
        Assert.Equal(206, first.Status);
        Assert.Equal(["other", "search-bot"], NamesOf(first));
        string cursor = first.Json.GetProperty("meta").GetProperty("after").GetString()!;

        Reply second = await FindAsync(Search, $$$"""{"filter":{"scope":["experiments"]},"page":{"limit":2,"cursor":"{{{cursor}}}"}}""");
        Assert.Equal(200, second.Status);
        Assert.Equal(["faq bot"], NamesOf(second));
        Assert.Equal(string.Empty, second.Json.GetProperty("meta").GetProperty("after").GetString());
    }

    [Theory]
    [InlineData("", "search-bot", "faq bot")]
    [InlineData(",\"is_deleted\":true", "other")]
    [InlineData(",\"include_deleted\":true", "other", "search-bot", "faq bot")]
    public async Task Deleted_ones_are_found_where_that_is_asked_for(string filter, params string[] expected)
    {
        await _emulator.DeleteAsync(_emulator.Store.Experiments.Single(experiment => experiment.Name == "other").Id);
        Assert.Equal(expected, NamesOf(await FindAsync(Search, $$$"""{"filter":{"scope":["experiments"]{{{filter}}}}}""")));
    }

    [Fact]
    public async Task Projects_datasets_and_records_are_found_too_page_after_page()
    {
        string project = (await _emulator.PostAsync("/api/v2/llm-obs/v1/projects", Bodies.Data("projects", """{"name":"support-bot"}"""))).Data.GetProperty("id").GetString()!;
        string datasets = $"/api/v2/llm-obs/v1/{project}/datasets";
        string dataset = (await _emulator.PostAsync(datasets, Bodies.Data("datasets", """{"name":"faq"}"""))).Data.GetProperty("id").GetString()!;
        await _emulator.PostAsync($"{datasets}/{dataset}/records", Bodies.Data("records", """{"records":[{"input":"one"},{"input":"two"}]}"""));

        var found = new List<string>();
        string cursor = string.Empty;
        for (int page = 0; page < 20 && (page == 0 || cursor.Length > 0); page++)
        {
            Reply reply = await FindAsync(Search, $$$"""
                {"filter":{"scope":["projects","datasets","dataset_records","experiments"]},"page":{"limit":2,"cursor":"{{{cursor}}}"}}
                """);
            found.AddRange(reply.Attributes.EnumerateObject().SelectMany(list => list.Value.EnumerateArray().Select(item => list.Name)));
            cursor = reply.Json.GetProperty("meta").GetProperty("after").GetString()!;
        }

        Assert.Equal(["dataset_records", "dataset_records", "datasets", "experiments", "experiments", "experiments", "projects"], found);
        Reply named = await FindAsync(Search, """{"filter":{"scope":["projects"],"query":"@project.name:support*"}}""");
        Assert.Equal(project, Assert.Single(named.Attributes.GetProperty("projects").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Each_scope_has_its_list()
    {
        Reply reply = await FindAsync(Search, """{"filter":{"scope":["experiment_runs"]}}""");
        Assert.Equal(["experiment_runs"], reply.Attributes.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("asc", "search-bot", "other", "faq bot")]
    [InlineData("desc", "faq bot", "other", "search-bot")]
    public async Task The_simple_search_sorts_and_counts(string direction, params string[] expected)
    {
        var names = new List<string>();
        for (int number = 1; number <= 2; number++)
        {
            Reply reply = await FindAsync(SimpleSearch, string.Create(CultureInfo.InvariantCulture, $$$"""
                {"filter":{"scope":["experiments"]},"page":{"limit":2,"number":{{{number}}}},"sort":[{"field":"run_count","direction":"{{{direction}}}"}]}
                """));
            Assert.Equal(200, reply.Status);
            names.AddRange(NamesOf(reply));
            JsonElement page = reply.Json.GetProperty("meta").GetProperty("page");
            Assert.Equal(
                (number, 2, 3, 2),
                (page.GetProperty("current").GetInt32(), page.GetProperty("limit").GetInt32(), page.GetProperty("total_count").GetInt32(), page.GetProperty("total_pages").GetInt32()));
        }

        Assert.Equal(expected, names);
    }

    [Fact]
    public async Task What_has_not_the_field_comes_last_either_way()
    {
        foreach (string direction in new[] { "asc", "desc" })
        {
            Reply reply = await FindAsync(SimpleSearch, $$$"""{"filter":{"scope":["experiments"]},"sort":[{"field":"dataset_id","direction":"{{{direction}}}"},{"field":"name"}]}""");
            Assert.Equal(["faq bot", "other", "search-bot"], NamesOf(reply));
        }
    }

    [Fact]
    public async Task A_page_beyond_the_last_is_empty()
    {
        Reply reply = await FindAsync(SimpleSearch, """{"filter":{"scope":["experiments"]},"page":{"limit":2147483647,"number":2147483647}}""");
        Assert.Empty(NamesOf(reply));
    }

    [Theory]
    [InlineData("{}", "/data/attributes/filter")]
    [InlineData("""{"filter":{}}""", "/data/attributes/filter/scope")]
    [InlineData("""{"filter":{"scope":[]}}""", "/data/attributes/filter/scope")]
    [InlineData("""{"filter":{"scope":["spans"]}}""", "/data/attributes/filter/scope")]
    [InlineData("""{"filter":{"scope":["experiments"],"query":1}}""", "/data/attributes/filter/query")]
    [InlineData("""{"filter":{"scope":["experiments"],"query":"a:(b"}}""", "/data/attributes/filter/query")]
    [InlineData("""{"filter":{"scope":["experiments"]},"page":{"limit":0}}""", "/data/attributes/page/limit")]
    [InlineData("""{"filter":{"scope":["experiments"]},"page":{"number":0}}""", "/data/attributes/page/number")]
    [InlineData("""{"filter":{"scope":["experiments"]},"page":{"cursor":"!"}}""", "/data/attributes/page/cursor")]
    [InlineData("""{"filter":{"scope":["experiments"]},"page":3}""", "/data/attributes/page")]
    [InlineData("""{"filter":{"scope":["experiments"]},"sort":{}}""", "/data/attributes/sort")]
    [InlineData("""{"filter":{"scope":["experiments"]},"sort":[1]}""", "/data/attributes/sort/0")]
    [InlineData("""{"filter":{"scope":["experiments"]},"sort":[{}]}""", "/data/attributes/sort/0/field")]
    [InlineData("""{"filter":{"scope":["experiments"]},"sort":[{"field":"a","direction":"up"}]}""", "/data/attributes/sort/0/direction")]
    public async Task A_wrong_search_is_refused_with_its_place(string attributes, string pointer)
    {
        (await FindAsync(Search, attributes)).MustRefuse(400, pointer);
        (await FindAsync(SimpleSearch, attributes)).MustRefuse(400, pointer);
    }

    private static IEnumerable<string> NamesOf(Reply reply) =>
        reply.Attributes.GetProperty("experiments").EnumerateArray().Select(item => item.GetProperty("name").GetString()!);

    private Task<Reply> FindAsync(string path, string attributes) => _emulator.PostAsync(path, Bodies.Data("experimentation", attributes));
}
