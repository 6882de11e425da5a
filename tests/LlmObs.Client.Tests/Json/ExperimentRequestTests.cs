namespace LlmObs.Client.Tests;

public sealed class ExperimentRequestTests
{
    private static readonly ExperimentDraft Draft = TestClient.Draft;

    public static TheoryData<string, ExperimentDraft, string> DraftFields => new()
    {
        { "nothing", Draft, "" },
        { "dataset_id", Draft with { DatasetId = "d1" }, "\"dataset_id\":\"d1\"" },
        { "dataset_id null", Draft with { DatasetId = (string?)null }, "\"dataset_id\":null" },
        { "dataset_id empty", Draft with { DatasetId = "" }, "\"dataset_id\":\"\"" },
        { "dataset_version", Draft with { DatasetVersion = long.MaxValue }, "\"dataset_version\":9223372036854775807" },
        { "dataset_version 0", Draft with { DatasetVersion = 0 }, "\"dataset_version\":0" },
        { "dataset_version null", Draft with { DatasetVersion = (long?)null }, "\"dataset_version\":null" },
        { "description", Draft with { Description = "a \"b\" <ü> \n 日本 😀" }, "\"description\":\"a \\\"b\\\" <ü> \\n 日本 😀\"" },
        { "description null", Draft with { Description = (string?)null }, "\"description\":null" },
        { "config", Draft with { Config = new Dictionary<string, object?> { ["t"] = 0.5, ["n"] = null } }, "\"config\":{\"t\":0.5,\"n\":null}" },
        { "config null", Draft with { Config = (object?)null }, "\"config\":null" },
        { "metadata", Draft with { Metadata = new Dictionary<string, object?> { ["a"] = new object[] { 1, "x" } } }, "\"metadata\":{\"a\":[1,\"x\"]}" },
        { "metadata empty", Draft with { Metadata = new Dictionary<string, object?>() }, "\"metadata\":{}" },
        { "metadata null", Draft with { Metadata = (object?)null }, "\"metadata\":null" },
        { "ensure_unique true", Draft with { EnsureUnique = true }, "\"ensure_unique\":true" },
        { "ensure_unique false", Draft with { EnsureUnique = false }, "\"ensure_unique\":false" },
        { "ensure_unique null", Draft with { EnsureUnique = (bool?)null }, "\"ensure_unique\":null" },
        { "parent", Draft with { ParentExperimentId = "p0" }, "\"parent_experiment_id\":\"p0\"" },
        { "parent null", Draft with { ParentExperimentId = (string?)null }, "\"parent_experiment_id\":null" },
        { "run_count", Draft with { RunCount = int.MaxValue }, "\"run_count\":2147483647" },
        { "run_count null", Draft with { RunCount = (int?)null }, "\"run_count\":null" },
        {
            "all", Draft with
            {
                DatasetId = "d", DatasetVersion = 2, Description = "x", Config = new Dictionary<string, object?>(), Metadata = new Dictionary<string, object?>(),
                EnsureUnique = true, ParentExperimentId = "e0", RunCount = 3,
            },
            """
            "dataset_id":"d","dataset_version":2,"description":"x","config":{},"metadata":{},"ensure_unique":true,"parent_experiment_id":"e0","run_count":3
            """
        },
    };

    public static TheoryData<string, ExperimentPatch, string> PatchFields => new()
    {
        { "nothing", new ExperimentPatch(), "" },
        { "name", new ExperimentPatch { Name = "n2" }, "\"name\":\"n2\"" },
        { "name null", new ExperimentPatch { Name = (string?)null }, "\"name\":null" },
        { "description", new ExperimentPatch { Description = "d" }, "\"description\":\"d\"" },
        { "description null", new ExperimentPatch { Description = (string?)null }, "\"description\":null" },
        { "dataset_id", new ExperimentPatch { DatasetId = "d1" }, "\"dataset_id\":\"d1\"" },
        { "dataset_id null", new ExperimentPatch { DatasetId = (string?)null }, "\"dataset_id\":null" },
        { "metadata", new ExperimentPatch { Metadata = new Dictionary<string, object?> { ["k"] = 1 } }, "\"metadata\":{\"k\":1}" },
        { "metadata null", new ExperimentPatch { Metadata = (object?)null }, "\"metadata\":null" },
        { "status", new ExperimentPatch { Status = "completed" }, "\"status\":\"completed\"" },
        { "status null", new ExperimentPatch { Status = (string?)null }, "\"status\":null" },
        { "error", new ExperimentPatch { ErrorMessage = "boom" }, "\"error\":\"boom\"" },
        { "error null", new ExperimentPatch { ErrorMessage = (string?)null }, "\"error\":null" },
        { "all", new ExperimentPatch { Name = "n", Description = "d", DatasetId = "i", Metadata = new Dictionary<string, object?>(), Status = "failed", ErrorMessage = "e" },
            """
            "name":"n","description":"d","dataset_id":"i","metadata":{},"status":"failed","error":"e"
            """ },
    };

    [Theory]
    [MemberData(nameof(DraftFields))]
    public async Task A_creation_sends_what_is_given_and_nothing_else(string field, ExperimentDraft draft, string json)
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":{"id":"e1"}}"""));
        using LlmObsClient client = TestClient.For(server);
        await client.CreateExperiment(draft).SendAsync();
        string attributes = "\"name\":\"n\",\"project_id\":\"p\"" + (field == "nothing" ? "" : "," + json);
        JsonAssert.Same(Body(attributes), server.Only.Text);
    }

    [Theory]
    [MemberData(nameof(PatchFields))]
    public async Task An_update_sends_what_is_given_and_nothing_else(string field, ExperimentPatch patch, string json)
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using LlmObsClient client = TestClient.For(server);
        await client.UpdateExperiment("e1", patch).SendAsync();
        JsonAssert.Same(Body(json), server.Only.Text);
        Assert.Equal(field == "nothing", patch.IsEmpty);
    }

    [Fact]
    public void The_order_of_free_form_members_is_kept()
    {
        using LlmObsClient client = TestClient.For(new Uri("https://api.datadoghq.eu/"));
        var config = new OrderedDictionary<string, object?> { ["z"] = 1, ["a"] = 2, ["m"] = 3 };
        string body = System.Text.Encoding.UTF8.GetString(client.CreateExperiment(Draft with { Config = config }).Body.Span);
        Assert.Contains("""{"z":1,"a":2,"m":3}""", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_no_data_is_refused_before_anything_is_sent()
    {
        using LlmObsClient client = TestClient.For(new Uri("https://api.datadoghq.eu/"));
        var config = new Dictionary<string, object?> { ["model"] = new Dictionary<string, object?> { ["run"] = (Action)(() => { }) } };
        UnwritableValueException refusal = Assert.Throws<UnwritableValueException>(() => client.CreateExperiment(Draft with { Config = config }));
        Assert.Equal("$.model.run", refusal.Path);
    }

    [Fact]
    public void A_patch_applied_to_an_experiment_changes_what_it_names_and_clears_what_it_nulls()
    {
        var before = new Experiment { Id = "e1", Name = "n", Description = "d", Status = "running", ErrorMessage = "e", DatasetId = "x", Metadata = 1 };
        Assert.Equal(
            before with { Name = "n2", Description = null, Metadata = 2 },
            before.With(new ExperimentPatch { Name = "n2", Description = (string?)null, Metadata = (object)2 }));
        Assert.Equal(before, before.With(new ExperimentPatch()));
        Assert.Equal(
            before with { Status = "failed", ErrorMessage = "boom", DatasetId = null },
            before.With(new ExperimentPatch { Status = "failed", ErrorMessage = "boom", DatasetId = (string?)null }));
        Assert.Equal("e1", before.ToString());
    }

    private static string Body(string attributes) => "{\"data\":{\"type\":\"experiments\",\"attributes\":{" + attributes + "}}}";
}
