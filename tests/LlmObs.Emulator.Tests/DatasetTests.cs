using LlmObs.Emulator.Tests.Support;
using static LlmObs.Emulator.Tests.Support.CatalogRequests;

namespace LlmObs.Emulator.Tests;

public sealed class DatasetTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();
    private string _project = string.Empty;

    public async Task InitializeAsync() => _project = await _emulator.ProjectAsync();

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task A_new_dataset_has_what_was_sent_and_version_0()
    {
        Reply reply = await _emulator.PostAsync(DatasetsOf(_project), "datasets", """{"name":"faq","description":"d","metadata":{"a":[1]}}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("datasets", reply.Data.GetProperty("type").GetString());
        Assert.Equal("faq", reply.Attributes.GetProperty("name").GetString());
        Assert.Equal("d", reply.Attributes.GetProperty("description").GetString());
        Assert.Equal("""{"a":[1]}""", reply.Attributes.GetProperty("metadata").GetRawText());
        Assert.Equal(0, reply.Attributes.GetProperty("current_version").GetInt64());
        Assert.Equal((_project, "user"), (reply.Attributes.GetProperty("project_id").GetString(), reply.Attributes.GetProperty("dataset_type").GetString()));
        Assert.Equal(["id"], reply.Attributes.GetProperty("author").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_known_name_gives_the_dataset_that_has_it()
    {
        string id = await _emulator.DatasetAsync(_project);
        await _emulator.AddAsync(_project, id, "q");

        Reply reply = await _emulator.PostAsync(DatasetsOf(_project), "datasets", """{"name":"faq","description":"new"}""");

        Assert.Equal((200, id, 1L), (reply.Status, reply.Id(), reply.Attributes.GetProperty("current_version").GetInt64()));
        Assert.NotEqual("new", reply.Attributes.GetProperty("description").GetString());
        Assert.Single(_emulator.Store.Datasets);
        string other = await _emulator.ProjectAsync("other");
        Assert.NotEqual(id, await _emulator.DatasetAsync(other));
    }

    [Fact]
    public async Task A_draft_is_there_from_its_lock_to_its_release()
    {
        string draft = $"{DatasetsOf(_project)}/{await _emulator.DatasetAsync(_project)}/draft_state";
        (await _emulator.GetAsync(draft)).MustRefuse(404, null);

        Reply locked = await _emulator.SendAsync("PATCH", draft + "/lock", null);
        Reply seen = await _emulator.GetAsync(draft);
        Assert.Equal((200, "draft_state_data"), (locked.Status, locked.Data.GetProperty("type").GetString()));
        Assert.Equal(locked.Text, seen.Text);
        Assert.Equal("Emulator User", seen.Attributes.GetProperty("user").GetProperty("name").GetString());

        Assert.Equal(200, (await _emulator.SendAsync("PATCH", draft + "/unlock", null)).Status);
        (await _emulator.GetAsync(draft)).MustRefuse(404, null);
        (await _emulator.GetAsync($"{DatasetsOf(_project)}/nobody/draft_state")).MustRefuse(404, null);
    }

    [Fact]
    public async Task Paths_of_the_unstable_API_are_answered_like_their_siblings()
    {
        const string Unstable = "/api/unstable/llm-obs/v1";
        Reply made = await _emulator.PostAsync($"{Unstable}/{_project}/datasets", "datasets", """{"name":"faq"}""");
        string id = made.Id();
        await _emulator.PostAsync($"{Unstable}/{_project}/datasets/{id}/batch_update", "datasets", """{"insert_records":[{"input":"q"}]}""");
        Assert.Equal(["q"], await _emulator.InputsAsync(_project, id));

        Reply deleted = await _emulator.PostAsync($"{Unstable}/datasets/delete", "datasets", $$"""{"type":"soft","dataset_ids":["{{id}}"]}""");

        Assert.Equal([id], deleted.Data.EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        Assert.True(deleted.Data[0].GetProperty("attributes").TryGetProperty("deleted_at", out _));
        Assert.Empty(_emulator.Store.Datasets);
    }

    [Fact]
    public async Task Lists_those_of_its_project_newest_first()
    {
        string other = await _emulator.ProjectAsync("other");
        await _emulator.DatasetAsync(other, "elsewhere");
        await _emulator.DatasetAsync(_project, "a");
        string b = await _emulator.DatasetAsync(_project, "b");

        Assert.Equal(["b", "a"], (await _emulator.GetAsync(DatasetsOf(_project))).Names());
        Assert.Equal(["a"], (await _emulator.GetAsync(DatasetsOf(_project) + "?filter[name]=a")).Names());
        Assert.Equal(["b"], (await _emulator.GetAsync($"{DatasetsOf(_project)}?filter[id]={b}")).Names());
        Assert.Empty((await _emulator.GetAsync($"{DatasetsOf(other)}?filter[id]={b}")).Names());
        (await _emulator.GetAsync(DatasetsOf("nobody"))).MustRefuse(404, null);
    }

    [Fact]
    public async Task An_update_leaves_records_and_version_alone()
    {
        string id = await _emulator.DatasetAsync(_project);
        await _emulator.AddAsync(_project, id, "q");

        Reply reply = await _emulator.PatchPathAsync($"{DatasetsOf(_project)}/{id}", "datasets", """{"name":"new","metadata":null}""");

        Assert.Equal("new", reply.Attributes.GetProperty("name").GetString());
        Assert.False(reply.Attributes.TryGetProperty("metadata", out _));
        Assert.Equal(1, reply.Attributes.GetProperty("current_version").GetInt64());
        Assert.Equal(["q"], await _emulator.InputsAsync(_project, id));
    }

    [Theory]
    [InlineData(EmulatorDeleteBody.Resource, 200)]
    [InlineData(EmulatorDeleteBody.Empty, 204)]
    public async Task Deleting_answers_as_it_was_told_to(EmulatorDeleteBody body, int status)
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { DeleteBody = body });
        string project = await emulator.ProjectAsync();
        string a = await emulator.DatasetAsync(project, "a"), b = await emulator.DatasetAsync(project, "b");
        await emulator.DatasetAsync(project, "c");

        Reply reply = await emulator.PostAsync(DatasetsOf(project) + "/delete", "datasets", $$"""{"dataset_ids":["{{a}}","{{b}}"]}""");

        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 200 ? ["a", "b"] : [], reply.Body.Length == 0 ? [] : reply.Names());
        Assert.Equal(["c"], (await emulator.GetAsync(DatasetsOf(project))).Names());
    }

    [Fact]
    public async Task A_dataset_of_another_project_is_not_there()
    {
        string other = await _emulator.ProjectAsync("other");
        string id = await _emulator.DatasetAsync(_project);

        (await _emulator.GetAsync(RecordsOf(other, id))).MustRefuse(404, null);
        (await _emulator.GetAsync($"{DatasetsOf(other)}/{id}/versions")).MustRefuse(404, null);
        (await _emulator.PatchPathAsync($"{DatasetsOf(other)}/{id}", "datasets", """{"name":"x"}""")).MustRefuse(404, null);
        await _emulator.PostAsync(DatasetsOf(other) + "/delete", "datasets", $$"""{"dataset_ids":["{{id}}"]}""");
        Assert.Single(_emulator.Store.Datasets);
    }

    [Fact]
    public async Task A_clone_has_the_records_of_now_under_other_ids()
    {
        string id = await _emulator.DatasetAsync(_project);
        string[] before = await _emulator.AddAsync(_project, id, "a", "b");

        Reply reply = await _emulator.PostAsync($"{DatasetsOf(_project)}/{id}/clone", "datasets", """{"name":"copy","description":"of faq"}""");
        await _emulator.AddAsync(_project, id, "later");

        Assert.Equal("copy", reply.Attributes.GetProperty("name").GetString());
        Assert.Equal(["b", "a"], await _emulator.InputsAsync(_project, reply.Id()));
        Assert.Empty(_emulator.Store.Records(reply.Id()).Select(record => record.Id).Intersect(before));
    }

    [Fact]
    public async Task Each_change_makes_a_version_and_any_can_be_read_and_restored()
    {
        string id = await _emulator.DatasetAsync(_project);
        string[] added = await _emulator.AddAsync(_project, id, "a", "b");
        await _emulator.PatchPathAsync(RecordsOf(_project, id), "records", $$"""{"records":[{"id":"{{added[0]}}","input":"A"}]}""");
        await _emulator.PostAsync(RecordsOf(_project, id) + "/delete", "records", $$"""{"record_ids":["{{added[1]}}"]}""");
        Assert.Equal(3, await _emulator.VersionAsync(_project, id));

        Reply restored = await _emulator.PostAsync($"{DatasetsOf(_project)}/{id}/restore", "datasets", """{"dataset_version":1}""");

        Assert.Equal(200, restored.Status);
        Assert.Empty(restored.Body);
        Assert.Equal(4, await _emulator.VersionAsync(_project, id));
        Assert.Empty(await _emulator.InputsAsync(_project, id, "?filter[version]=0"));
        Assert.Equal(["b", "a"], await _emulator.InputsAsync(_project, id, "?filter[version]=1"));
        Assert.Equal(["b", "A"], await _emulator.InputsAsync(_project, id, "?filter[version]=2"));
        Assert.Equal(["A"], await _emulator.InputsAsync(_project, id, "?filter[version]=3"));
        Assert.Equal(["b", "a"], await _emulator.InputsAsync(_project, id));
        Assert.Equal(400, (await _emulator.GetAsync(RecordsOf(_project, id) + "?filter[version]=5")).Status);
        (await _emulator.PostAsync($"{DatasetsOf(_project)}/{id}/restore", "datasets", """{"dataset_version":5}""")).MustRefuse(400, null);
    }

    [Fact]
    public async Task An_experiment_gets_the_current_version_and_marks_it_as_used()
    {
        string id = await _emulator.DatasetAsync(_project);
        await _emulator.AddAsync(_project, id, "a");
        await _emulator.AddAsync(_project, id, "b");

        Reply experiment = await _emulator.CreateAsync($$"""{"name":"e","project_id":"{{_project}}","dataset_id":"{{id}}"}""");

        Assert.Equal(2, experiment.Attributes.GetProperty("dataset_version").GetInt64());
        Reply versions = await _emulator.GetAsync($"{DatasetsOf(_project)}/{id}/versions");
        Assert.Equal([0, 1, 2], versions.Data.EnumerateArray().Select(version => version.GetProperty("attributes").GetProperty("version_number").GetInt32()));
        Assert.Equal([true, true, false], versions.Data.EnumerateArray().Select(version => version.GetProperty("attributes").GetProperty("last_used").GetString() is null));
        Assert.All(versions.Data.EnumerateArray(), version => Assert.Equal("dataset_version", version.GetProperty("type").GetString()));
    }
}
