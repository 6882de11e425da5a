using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class DeleteExperimentsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestEmulator _emulator = null!;

    public Task InitializeAsync()
    {
        _emulator = new TestEmulator(_folder.Options);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Several_go_in_one_request_and_the_others_stay()
    {
        string a = await _emulator.ExperimentAsync("a");
        string b = await _emulator.ExperimentAsync("b");
        string c = await _emulator.ExperimentAsync("c");

        Reply reply = await _emulator.DeleteAsync(a, c);

        Assert.Equal(204, reply.Status);
        Assert.Empty(reply.Body);
        Assert.Equal([b], ListExperimentsTests.IdsOf(await _emulator.GetAsync(TestEmulator.Experiments)));
        Assert.Equal(1, _emulator.Store.ExperimentCount);
        Assert.Equal(b, Assert.Single(_emulator.Store.Experiments).Id);
        Assert.Null(_emulator.Store.FindExperiment(a));
    }

    [Fact]
    public async Task What_is_deleted_is_listed_where_that_is_asked_for_and_cannot_be_written_to()
    {
        string id = await _emulator.ExperimentAsync();
        await _emulator.DeleteAsync(id);

        Reply listed = await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[is_deleted]=true");
        Assert.Equal([id], ListExperimentsTests.IdsOf(listed));
        Assert.True(listed.Data[0].GetProperty("attributes").TryGetProperty("deleted_at", out _));
        (await _emulator.PatchAsync(id, """{"status":"failed"}""")).MustRefuse(404, null);
        (await _emulator.PushAsync(id, Bodies.Spans(Bodies.Span()))).MustRefuse(404, null);
        (await _emulator.GetAsync(TestEmulator.ReadEventsOf(id))).MustRefuse(404, null);
    }

    [Fact]
    public async Task A_name_is_free_again()
    {
        const string Same = """{"name":"only","project_id":"project","ensure_unique":false}""";
        string first = (await _emulator.CreateAsync(Same)).Data.GetProperty("id").GetString()!;
        await _emulator.DeleteAsync(first);
        Assert.NotEqual(first, (await _emulator.CreateAsync(Same)).Data.GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_is_not_there_is_passed_over_also_a_second_time()
    {
        string id = await _emulator.ExperimentAsync();
        Assert.Equal(204, (await _emulator.DeleteAsync("nobody", id, id)).Status);
        Assert.Equal(204, (await _emulator.DeleteAsync(id)).Status);
        Assert.Equal(0, _emulator.Store.ExperimentCount);
    }

    [Theory]
    [InlineData("{}", "/data/attributes/experiment_ids")]
    [InlineData("""{"experiment_ids":[]}""", "/data/attributes/experiment_ids")]
    [InlineData("""{"experiment_ids":"x"}""", "/data/attributes/experiment_ids")]
    [InlineData("""{"experiment_ids":["x",1]}""", "/data/attributes/experiment_ids")]
    public async Task A_wrong_list_is_refused_and_deletes_nothing(string attributes, string pointer)
    {
        string id = await _emulator.ExperimentAsync();
        Reply reply = await _emulator.PostAsync(
            TestEmulator.Experiments + "/delete", Bodies.Data("experiments", attributes.Replace("\"x\"", $"\"{id}\"", StringComparison.Ordinal)));
        reply.MustRefuse(400, pointer);
        Assert.NotNull(_emulator.Store.FindExperiment(id));
    }

    [Fact]
    public async Task A_restart_knows_what_was_deleted()
    {
        string a = await _emulator.ExperimentAsync("a");
        string b = await _emulator.ExperimentAsync("b");
        await _emulator.DeleteAsync(a);
        await _emulator.DisposeAsync();

        _emulator = new TestEmulator(_folder.Options);
        Assert.Equal([b], ListExperimentsTests.IdsOf(await _emulator.GetAsync(TestEmulator.Experiments)));
        Assert.Equal([a], ListExperimentsTests.IdsOf(await _emulator.GetAsync($"{TestEmulator.Experiments}?filter[is_deleted]=true")));
    }
}
