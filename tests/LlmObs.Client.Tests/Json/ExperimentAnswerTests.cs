namespace LlmObs.Client.Tests;

public sealed class ExperimentAnswerTests
{
    private const string Full = """
        {"data":{"id":"3fd6b5e0","type":"experiments","attributes":{"name":"n-1700000000000","experiment":"n","project_id":"p","dataset_id":"d",
        "dataset_name":"set","dataset_version":9223372036854775807,"description":"words","config":{"t":0.5},"metadata":{"a":[1,null]},"status":"running",
        "error":"none yet","run_count":2147483647,"parent_experiment_id":"e0","aggregate_data":{"x":1},
        "author":{"id":"u1","name":"Ann","email":"a@x","handle":"ann","icon":"http://i"},"created_at":"2026-01-15T10:30:00.123456789Z",
        "updated_at":"2026-01-15T10:30:00.1234Z","deleted_at":null,"is_auto_experiment":false,"later":{"b":2}}}}
        """;

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(206)]
    public async Task Every_2xx_is_a_success_and_every_field_is_read(int status)
    {
        Experiment experiment = await CreateAsync(Full, status);
        Assert.Equal("3fd6b5e0", experiment.Id);
        Assert.Equal(("n-1700000000000", "n", "p"), (experiment.Name, experiment.LogicalName, experiment.ProjectId));
        Assert.Equal(("d", "set", long.MaxValue), (experiment.DatasetId, experiment.DatasetName, experiment.DatasetVersion));
        Assert.Equal(("words", "running", "none yet"), (experiment.Description, experiment.Status, experiment.ErrorMessage));
        Assert.Equal((int.MaxValue, "e0"), (experiment.RunCount, experiment.ParentExperimentId));
        Assert.Equal(0.5, Member(experiment.Config, "t"));
        Assert.Equal(new object?[] { 1L, null }, Member(experiment.Metadata, "a"));
        Assert.Equal(1L, Member(experiment.AggregateData?.AdditionalProperties, "x"));
        Assert.Equal(new ExperimentAuthor { Id = "u1", Name = "Ann", Email = "a@x", Handle = "ann", Icon = "http://i" }, experiment.Author);
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 10, 30, 0, TimeSpan.Zero).AddTicks(1_234_567), experiment.CreatedAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 10, 30, 0, TimeSpan.Zero).AddTicks(1_234_000), experiment.UpdatedAt);
        Assert.Null(experiment.DeletedAt);
        Assert.Equal(["is_auto_experiment", "later"], Assert.IsAssignableFrom<IDictionary<string, object?>>(experiment.AdditionalProperties).Keys);
        Assert.Equal(2L, Member(Member(experiment.AdditionalProperties, "later"), "b"));
    }

    [Theory]
    [InlineData("""{"data":{"id":"e1"}}""")]
    [InlineData("""{"data":{"id":"e1","attributes":null}}""")]
    [InlineData("""{"data":{"id":"e1","attributes":{}}}""")]
    [InlineData("""{"data":{"id":"e1","attributes":[]}}""")]
    [InlineData("""
        {"data":{"id":"e1","attributes":{"name":null,"experiment":null,"project_id":null,"dataset_id":null,"dataset_name":null,"dataset_version":null,
        "description":null,"config":null,"metadata":null,"status":null,"error":null,"run_count":null,"parent_experiment_id":null,"aggregate_data":null,
        "author":null,"created_at":null,"updated_at":null,"deleted_at":null}}}
        """)]
    public async Task Attributes_that_are_missing_or_null_are_null(string body) =>
        Assert.Equal(new Experiment { Id = "e1" }, await CreateAsync(body));

    [Theory]
    [InlineData("\"status\":\"paused\"", "paused", null)]
    [InlineData("\"status\":7", "7", null)]
    [InlineData("\"status\":{\"x\":1}", null, "status")]
    public async Task A_status_that_is_newer_than_this_client_is_kept_as_a_word(string attribute, string? status, string? kept)
    {
        Experiment experiment = await CreateAsync(With(attribute));
        Assert.Equal(status, experiment.Status);
        Assert.Equal(kept, (experiment.AdditionalProperties as IDictionary<string, object?>)?.Keys.Single());
    }

    [Theory]
    [InlineData("\"dataset_version\":\"12\"", 12L)]
    [InlineData("\"dataset_version\":3.0", 3L)]
    [InlineData("\"dataset_version\":-1", -1L)]
    [InlineData("\"dataset_version\":3.5", null)]
    [InlineData("\"dataset_version\":\"many\"", null)]
    [InlineData("\"dataset_version\":true", null)]
    [InlineData("\"dataset_version\":9223372036854775808", null)]
    [InlineData("\"dataset_version\":1e400", null)]
    public async Task A_number_of_another_type_is_read_where_it_can_be_and_kept_where_not(string attribute, long? version)
    {
        Experiment experiment = await CreateAsync(With(attribute));
        Assert.Equal(version, experiment.DatasetVersion);
        Assert.Equal(version is null ? ["dataset_version"] : [], (experiment.AdditionalProperties as IDictionary<string, object?>)?.Keys ?? []);
    }

    [Theory]
    [InlineData("\"run_count\":2147483648")]
    [InlineData("\"created_at\":\"yesterday\"")]
    [InlineData("\"created_at\":1700000000")]
    [InlineData("\"author\":\"Ann\"")]
    [InlineData("\"name\":[\"n\"]")]
    public async Task What_is_of_a_wrong_type_is_kept_and_no_failure(string attribute)
    {
        Experiment experiment = await CreateAsync(With(attribute));
        Assert.Equal(new Experiment { Id = "e1" }, experiment with { AdditionalProperties = null });
        Assert.Equal([attribute.Split('"')[1]], Assert.IsAssignableFrom<IDictionary<string, object?>>(experiment.AdditionalProperties).Keys);
    }

    [Fact]
    public async Task An_id_that_is_a_number_is_read() => Assert.Equal("42", (await CreateAsync("""{"data":{"id":42}}""")).Id);

    [Fact]
    public async Task Unknown_attributes_are_kept_however_deep_they_are()
    {
        string deep = new string('[', 200) + new string(']', 200);
        Experiment experiment = await CreateAsync(With("\"later\":" + deep));
        Assert.NotNull(Member(experiment.AdditionalProperties, "later"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("not json")]
    [InlineData("""{"data":{"attributes":{}}}""")]
    public async Task An_update_without_a_readable_experiment_in_its_answer_has_landed(string body)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        Assert.Null(await client.UpdateExperiment("e1", new ExperimentPatch { Name = "x" }).SendAsync());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_update_whose_answer_is_torn_has_landed()
    {
        using var server = new ScriptedServer(Reply.Of(200, Full).TornAfter(50));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        Assert.Null(await client.UpdateExperiment("e1", new ExperimentPatch { Name = "x" }).SendAsync());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_update_gives_the_servers_experiment_where_there_is_one()
    {
        using var server = new ScriptedServer(Reply.Of(200, Full));
        using LlmObsClient client = TestClient.For(server);
        Assert.Equal("words", (await client.UpdateExperiment("e1", new ExperimentPatch { Name = "x" }).SendAsync())!.Description);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\r\n ", "it is empty")]
    [InlineData("garbage", "it is not JSON")]
    [InlineData("<html>ok</html>", "it is not JSON")]
    [InlineData("""{"data":{"id":"e1",""", "it is not JSON")]
    [InlineData("[]", "no 'data'")]
    [InlineData("null", "no 'data'")]
    [InlineData("{}", "no 'data'")]
    [InlineData("""{"data":[]}""", "no 'data'")]
    [InlineData("""{"data":{"type":"experiments"}}""", "no 'id'")]
    [InlineData("""{"data":{"id":""}}""", "no 'id'")]
    [InlineData("""{"data":{"id":null}}""", "no 'id'")]
    [InlineData("{\"data\":{\"id\":\"e1\",\"attributes\":{\"name\":\"\\ud83d\"}}}", "not Unicode")]
    public async Task A_creation_whose_answer_cannot_be_read_has_landed_and_is_never_sent_again(string body, string reason)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await TestClient.FailAsync(client, TestClient.Create);
        Assert.Equal((FailureKind.UnreadableAnswer, 200, 1), (failure.Kind, failure.StatusCode, failure.Attempts));
        Assert.Contains("POST /api/v2/llm-obs/v1/experiments succeeded (200)", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_creation_whose_answer_is_torn_has_landed_and_is_never_sent_again()
    {
        using var server = new ScriptedServer(Reply.Of(200, Full).TornAfter(60));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await TestClient.FailAsync(client, TestClient.Create);
        Assert.Equal((FailureKind.UnreadableAnswer, 200), (failure.Kind, failure.StatusCode));
        Assert.Contains("it broke off", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_compressed_answer_is_read()
    {
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("""{"data":{"id":"zipped"}}"""u8);
        }

        using var server = new ScriptedServer(Reply.Of(200, packed.ToArray()).With("Content-Encoding", "gzip"));
        using LlmObsClient client = TestClient.For(server);
        Assert.Equal("zipped", (await client.CreateExperiment(TestClient.Draft).SendAsync()).Id);
    }

    private static string With(string attribute) => "{\"data\":{\"id\":\"e1\",\"attributes\":{" + attribute + "}}}";

    private static object? Member(object? value, string name) => Assert.IsAssignableFrom<IDictionary<string, object?>>(value)[name];

    private static async Task<Experiment> CreateAsync(string body, int status = 200)
    {
        using var server = new ScriptedServer(Reply.Of(status, body));
        using LlmObsClient client = TestClient.For(server);
        return await client.CreateExperiment(TestClient.Draft).SendAsync();
    }
}
