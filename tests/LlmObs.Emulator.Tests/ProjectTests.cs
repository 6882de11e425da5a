using LlmObs.Emulator.Tests.Support;
using static LlmObs.Emulator.Tests.Support.CatalogRequests;

namespace LlmObs.Emulator.Tests;

public sealed class ProjectTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task A_new_project_has_what_was_sent()
    {
        Reply reply = await _emulator.PostAsync(Projects, "projects", """{"name":"p","description":"d"}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("projects", reply.Data.GetProperty("type").GetString());
        Assert.True(Guid.TryParse(reply.Id(), out _));
        Assert.Equal("p", reply.Attributes.GetProperty("name").GetString());
        Assert.Equal("d", reply.Attributes.GetProperty("description").GetString());
        Assert.Equal(reply.Attributes.GetProperty("created_at").GetString(), reply.Attributes.GetProperty("updated_at").GetString());
        Assert.Equal("p", Assert.Single(_emulator.Store.Projects).Name);
    }

    [Fact]
    public async Task A_name_that_is_there_gives_the_project_that_has_it()
    {
        string first = await _emulator.ProjectAsync("same");

        Reply again = await _emulator.PostAsync(Projects, "projects", """{"name":"same","description":"other"}""");

        Assert.Equal(first, again.Id());
        Assert.Equal("about same", again.Attributes.GetProperty("description").GetString());
        Assert.Single(_emulator.Store.Projects);
    }

    [Fact]
    public async Task Lists_newest_first_by_name_by_id_and_in_pages()
    {
        await _emulator.ProjectAsync("a");
        string b = await _emulator.ProjectAsync("b");
        await _emulator.ProjectAsync("c");

        Assert.Equal(["c", "b", "a"], (await _emulator.GetAsync(Projects)).Names());
        Assert.Equal(["b"], (await _emulator.GetAsync(Projects + "?filter[name]=b")).Names());
        Assert.Equal(["b"], (await _emulator.GetAsync($"{Projects}?filter[id]={b}")).Names());
        Reply page = await _emulator.GetAsync(Projects + "?page[limit]=2");
        Assert.Equal(["c", "b"], page.Names());
        string cursor = page.Json.GetProperty("meta").GetProperty("after").GetString()!;
        Reply rest = await _emulator.GetAsync($"{Projects}?page[limit]=2&page[cursor]={cursor}");
        Assert.Equal(["a"], rest.Names());
        Assert.Equal(string.Empty, rest.Json.GetProperty("meta").GetProperty("after").GetString());
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_null_clears()
    {
        string id = await _emulator.ProjectAsync("old");

        Reply renamed = await _emulator.PatchPathAsync($"{Projects}/{id}", "projects", """{"name":"new"}""");
        Reply cleared = await _emulator.PatchPathAsync($"{Projects}/{id}", "projects", """{"description":null}""");

        Assert.Equal("about old", renamed.Attributes.GetProperty("description").GetString());
        Assert.Equal("new", cleared.Attributes.GetProperty("name").GetString());
        Assert.False(cleared.Attributes.TryGetProperty("description", out _));
    }

    [Fact]
    public async Task Deleting_takes_several_and_their_datasets()
    {
        string a = await _emulator.ProjectAsync("a"), b = await _emulator.ProjectAsync("b"), c = await _emulator.ProjectAsync("c");
        await _emulator.DatasetAsync(a);
        await _emulator.DatasetAsync(c, "stays");

        Reply reply = await _emulator.PostAsync(Projects + "/delete", "projects", $$"""{"project_ids":["{{a}}","{{b}}","nobody"]}""");

        Assert.Equal(204, reply.Status);
        Assert.Equal(c, Assert.Single(_emulator.Store.Projects).Id);
        Assert.Equal("stays", Assert.Single(_emulator.Store.Datasets).Name);
    }

    [Theory]
    [InlineData("POST", "", "{}", 400, "/data/attributes/name")]
    [InlineData("POST", "", """{"name":""}""", 400, "/data/attributes/name")]
    [InlineData("POST", "", """{"name":"a","description":5}""", 400, "/data/attributes/description")]
    [InlineData("PATCH", "/nobody", """{"name":"a"}""", 404, null)]
    [InlineData("PATCH", "/nobody", """{"name":null}""", 400, "/data/attributes/name")]
    [InlineData("POST", "/delete", "{}", 400, "/data/attributes/project_ids")]
    [InlineData("POST", "/delete", """{"project_ids":["a",5]}""", 400, "/data/attributes/project_ids")]
    public async Task Refuses_what_is_wrong(string method, string path, string attributes, int status, string? pointer) =>
        (await _emulator.SendAsync(method, Projects + path, System.Text.Encoding.UTF8.GetBytes(Bodies.Data("projects", attributes)))).MustRefuse(status, pointer);

    [Fact]
    public async Task Refuses_another_type() =>
        (await _emulator.PostAsync(Projects, "datasets", """{"name":"a"}""")).MustRefuse(400, "/data/type");
}
