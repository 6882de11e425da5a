using System.Text.Json;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class UpdateExperimentTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task Answers_200_with_an_empty_body_and_has_stored_the_change()
    {
        string id = await _emulator.ExperimentAsync();

        Reply reply = await _emulator.PatchAsync(id, """
            {"name":"new","description":"about","dataset_id":"d2","metadata":{"a":1},"status":"completed","error":"none"}
            """);

        Assert.Equal(200, reply.Status);
        Assert.Empty(reply.Body);
        StoredExperiment stored = _emulator.Store.FindExperiment(id)!;
        Assert.Equal("new", stored.Name);
        Assert.Equal("about", stored.Description);
        Assert.Equal("d2", stored.DatasetId);
        Assert.Equal(1, stored.Metadata!.Value.GetProperty("a").GetInt32());
        Assert.Equal("completed", stored.Status);
        Assert.Equal("none", stored.Error);
        Assert.Equal("run", stored.LogicalName);
    }

    [Fact]
    public async Task Answers_with_the_resource_where_that_is_asked_for()
    {
        var time = new FixedTime(DateTimeOffset.UnixEpoch.AddDays(20000));
        await using var emulator = new TestEmulator(new EmulatorOptions { PatchBody = EmulatorPatchBody.Resource, Time = time });
        string id = await emulator.ExperimentAsync(more: ",\"parent_experiment_id\":\"parent\"");
        time.Now = time.Now.AddHours(1);

        Reply reply = await emulator.PatchAsync(id, """{"status":"failed","error":"out of memory"}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("application/vnd.api+json", reply.ContentType);
        Assert.Equal(id, reply.Data.GetProperty("id").GetString());
        Assert.Equal("failed", reply.Attributes.GetProperty("status").GetString());
        Assert.Equal("out of memory", reply.Attributes.GetProperty("error").GetString());
        Assert.Equal("parent", reply.Attributes.GetProperty("parent_experiment_id").GetString());
        Assert.Equal("2024-10-04T00:00:00.0000Z", reply.Attributes.GetProperty("created_at").GetString());
        Assert.Equal("2024-10-04T01:00:00.0000Z", reply.Attributes.GetProperty("updated_at").GetString());
    }

    [Fact]
    public async Task Metadata_is_replaced_not_merged()
    {
        string id = await _emulator.ExperimentAsync(more: ",\"metadata\":{\"a\":1,\"b\":2}");

        await _emulator.PatchAsync(id, """{"metadata":{"b":3}}""");

        Assert.Equal("""{"b":3}""", _emulator.Store.FindExperiment(id)!.Metadata!.Value.GetRawText());
    }

    [Theory]
    [InlineData("description")]
    [InlineData("dataset_id")]
    [InlineData("metadata")]
    [InlineData("status")]
    [InlineData("error")]
    public async Task Null_clears_a_field_and_absence_leaves_it(string field)
    {
        string id = await _emulator.ExperimentAsync(more: ",\"dataset_id\":\"d\",\"description\":\"about\",\"metadata\":{\"a\":1}");
        await _emulator.PatchAsync(id, """{"status":"running","error":"x"}""");
        Assert.Equal(200, (await _emulator.PatchAsync(id, "{}")).Status);
        JsonElement before = _emulator.Store.FindExperiment(id)!.Attributes;
        Assert.NotEqual("{}", before.GetProperty(field).GetRawText());

        Reply reply = await _emulator.PatchAsync(id, $$"""{"{{field}}":null}""");

        Assert.Equal(200, reply.Status);
        JsonElement after = _emulator.Store.FindExperiment(id)!.Attributes;
        Assert.True(!after.TryGetProperty(field, out JsonElement value) || value.GetRawText() == "{}");
        string[] changing = [field, "updated_at"];
        Assert.Equal(
            before.EnumerateObject().Where(member => !changing.Contains(member.Name)).Select(member => member.ToString()),
            after.EnumerateObject().Where(member => !changing.Contains(member.Name)).Select(member => member.ToString()));
    }

    [Fact]
    public async Task A_name_cannot_be_cleared()
    {
        string id = await _emulator.ExperimentAsync();
        string name = _emulator.Store.FindExperiment(id)!.Name;

        Assert.Equal(200, (await _emulator.PatchAsync(id, """{"name":null}""")).Status);
        Assert.Equal(name, _emulator.Store.FindExperiment(id)!.Name);
        (await _emulator.PatchAsync(id, """{"name":""}""")).MustRefuse(400, "/data/attributes/name");
    }

    [Theory]
    [InlineData("name", "1")]
    [InlineData("description", "{}")]
    [InlineData("dataset_id", "true")]
    [InlineData("metadata", "[]")]
    [InlineData("status", "\"done\"")]
    [InlineData("status", "\"COMPLETED\"")]
    [InlineData("status", "\"\"")]
    [InlineData("status", "1")]
    [InlineData("error", "{\"message\":\"x\"}")]
    public async Task Refuses_a_wrong_field_points_at_it_and_changes_nothing(string field, string value)
    {
        string id = await _emulator.ExperimentAsync();
        StoredExperiment before = _emulator.Store.FindExperiment(id)!;

        Reply reply = await _emulator.PatchAsync(id, Bodies.With("""{"name":"x","description":"y"}""", field, value));

        reply.MustRefuse(400, "/data/attributes/" + field);
        Assert.Same(before, _emulator.Store.FindExperiment(id));
    }

    [Theory]
    [InlineData("running")]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("interrupted")]
    public async Task Takes_each_status(string status)
    {
        string id = await _emulator.ExperimentAsync();

        Reply reply = await _emulator.PatchAsync(id, $$"""{"status":"{{status}}"}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal(status, _emulator.Store.FindExperiment(id)!.Status);
    }

    [Fact]
    public async Task Passes_over_attributes_that_cannot_be_updated()
    {
        string id = await _emulator.ExperimentAsync();

        Reply reply = await _emulator.PatchAsync(id, """{"project_id":"other","new_thing":[1]}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("project", _emulator.Store.FindExperiment(id)!.ProjectId);
    }

    [Fact]
    public async Task An_unknown_experiment_is_404() =>
        (await _emulator.PatchAsync("nobody", """{"status":"running"}""")).MustRefuse(404, null);

    [Fact]
    public async Task A_wrong_type_is_refused()
    {
        string id = await _emulator.ExperimentAsync();

        Reply reply = await _emulator.SendAsync(
            "PATCH", $"{TestEmulator.Experiments}/{id}", System.Text.Encoding.UTF8.GetBytes(Bodies.Data("experiment", "{}")));

        reply.MustRefuse(400, "/data/type");
    }

    [Fact]
    public async Task A_new_name_is_the_one_that_is_found()
    {
        const string Same = """{"name":"first","project_id":"project","ensure_unique":false}""";
        Reply created = await _emulator.CreateAsync(Same);
        string id = created.Data.GetProperty("id").GetString()!;

        await _emulator.PatchAsync(id, """{"name":"second"}""");
        Reply byOldName = await _emulator.CreateAsync(Same);
        Reply byNewName = await _emulator.CreateAsync(Bodies.With(Same, "name", "\"second\""));

        Assert.NotEqual(id, byOldName.Data.GetProperty("id").GetString());
        Assert.Equal(id, byNewName.Data.GetProperty("id").GetString());
    }
}
