using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;
using static LlmObs.Emulator.Tests.Support.CatalogRequests;

namespace LlmObs.Emulator.Tests;

public sealed class UnknownIdsTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new(new EmulatorOptions(), RequestLimits.Default, takesUnknownIds: false);
    private string _project = string.Empty;
    private string _dataset = string.Empty;

    public async Task InitializeAsync()
    {
        _project = await _emulator.ProjectAsync();
        _dataset = await _emulator.DatasetAsync(_project);
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public void They_are_refused_unless_asked_otherwise() => Assert.False(new EmulatorOptions().TakesUnknownIds);

    [Theory]
    [InlineData("""{"name":"a","project_id":"support-bot"}""", 404, "project_id")]
    [InlineData("""{"name":"a","project_id":"PROJECT","dataset_id":"faq"}""", 404, "dataset_id")]
    [InlineData("""{"name":"a","project_id":"PROJECT","dataset_id":"DATASET","dataset_version":1}""", 400, "dataset_version")]
    [InlineData("""{"name":"a","project_id":"PROJECT","parent_experiment_id":"nobody"}""", 404, "parent_experiment_id")]
    public async Task An_experiment_names_only_what_is_there(string attributes, int status, string member)
    {
        (await _emulator.CreateAsync(Filled(attributes))).MustRefuse(status, "/data/attributes/" + member);
        Assert.Empty(_emulator.Store.Experiments);
    }

    [Fact]
    public async Task An_experiment_names_what_is_there()
    {
        Reply first = await _emulator.CreateAsync(Filled("""{"name":"a","project_id":"PROJECT","dataset_id":"DATASET","dataset_version":0}"""));
        Reply second = await _emulator.CreateAsync(Filled($$"""{"name":"b","project_id":"PROJECT","parent_experiment_id":"{{first.Id()}}"}"""));
        Assert.Equal((200, 200), (first.Status, second.Status));
    }

    [Fact]
    public async Task A_dataset_of_another_project_is_unknown()
    {
        string other = await _emulator.ProjectAsync("other");
        (await _emulator.CreateAsync(Filled($$"""{"name":"a","project_id":"{{other}}","dataset_id":"DATASET"}"""))).MustRefuse(404, "/data/attributes/dataset_id");
    }

    private string Filled(string attributes) => attributes.Replace("PROJECT", _project, StringComparison.Ordinal).Replace("DATASET", _dataset, StringComparison.Ordinal);
}
