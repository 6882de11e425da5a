namespace LlmObs.Client.Tests;

public sealed class RecordAnswersTests
{
    [Theory]
    [InlineData("""{"id":"r1","input":{"q":1},"expected_output":[2,null],"metadata":{"m":"x"},"dataset_id":"d9","created_at":"2026-08-01T10:00:00.1234Z","new":{"a":1}}""")]
    [InlineData("""{"id":"r1","type":"records","attributes":{"input":{"q":1},"expected_output":[2,null],"metadata":{"m":"x"},"dataset_id":"d9","created_at":"2026-08-01T10:00:00.1234Z","new":{"a":1}}}""")]
    public async Task A_record_is_read_flat_and_as_a_resource(string item)
    {
        using var server = new ScriptedServer(Reply.Of(200, $$$"""{"data":[{{{item}}}],"meta":{"after":""}}"""));
        using LlmObsClient client = TestClient.For(server);

        DatasetRecord record = Assert.Single((await client.ListRecords("p", "d", version: 3).FirstPage().SendAsync()).Items);

        Assert.Equal("/api/v2/llm-obs/v1/p/datasets/d/records?filter%5Bversion%5D=3&page%5Blimit%5D=500", server.Only.Target);
        Assert.Equal(("r1", "d9", "p"), (record.Id, record.DatasetId, record.ProjectId));
        Assert.Equal(1L, Member(record.Input, "q"));
        Assert.Equal(new object?[] { 2L, null }, record.ExpectedOutput);
        Assert.Equal("x", Member(record.Metadata, "m"));
        Assert.Equal(2026, record.CreatedAt!.Value.Year);
        Assert.Equal(1L, Member(Member(record.AdditionalProperties, "new"), "a"));
    }

    [Fact]
    public async Task What_is_missing_is_null()
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":[{"id":"r1"}]}"""));
        using LlmObsClient client = TestClient.For(server);

        DatasetRecord record = Assert.Single((await client.ListRecords("p", "d").FirstPage().SendAsync()).Items);

        Assert.Null(record.Input);
        Assert.Null(record.ExpectedOutput);
        Assert.Null(record.AdditionalProperties);
        Assert.Empty(record.Tags);
        Assert.Equal("d", record.DatasetId);
    }

    [Theory]
    [InlineData("2026-08-01T10:00:00Z", 0)]
    [InlineData("2026-08-01T10:00:00.1234Z", 1_234_000)]
    [InlineData("2026-08-01T10:00:00.123456789Z", 1_234_567)]
    [InlineData("2026-08-01T10:00:00.1\\u00320000Z", 1_200_000)]
    [InlineData("2026-08-01T12:00:00.5+02:00", 5_000_000)]
    [InlineData("2026-08-01 10:00:00", 0)]
    [InlineData("2026-08-01T10:00Z", 0)]
    [InlineData("20260801T100000Z", 0)]
    public async Task A_time_is_read_in_UTC(string text, int ticks)
    {
        using var server = new ScriptedServer(Reply.Of(200, $$$"""{"data":[{"id":"r1","created_at":"{{{text}}}"}]}"""));
        using LlmObsClient client = TestClient.For(server);

        DateTimeOffset created = Assert.Single((await client.ListRecords("p", "d").FirstPage().SendAsync()).Items).CreatedAt!.Value;

        Assert.Equal(new DateTimeOffset(2026, 8, 1, 10, 0, 0, TimeSpan.Zero).AddTicks(ticks), created);
        Assert.Equal(TimeSpan.Zero, created.Offset);
    }

    [Fact]
    public async Task Of_a_field_that_comes_twice_the_later_one_counts()
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":[{"id":"r1","input":1,"new":1,"input":2,"new":2}]}"""));
        using LlmObsClient client = TestClient.For(server);

        DatasetRecord record = Assert.Single((await client.ListRecords("p", "d").FirstPage().SendAsync()).Items);

        Assert.Equal(2L, record.Input);
        Assert.Equal([new("new", 2L)], Assert.IsAssignableFrom<IDictionary<string, object?>>(record.AdditionalProperties));
    }

    [Theory]
    [InlineData("""{"data":[{"records":[{"id":"a"},{"id":"b"}]}]}""")]
    [InlineData("""{"data":[{"records":[{"id":"a"}]},{"records":[{"id":"b","attributes":{}}]}]}""")]
    [InlineData("""{"data":[{"id":"x","type":"t","attributes":{"records":[{"id":"a"},{"id":"b"}]}}]}""")]
    [InlineData("""{"data":{"records":[{"id":"a"},{"id":"b"}]}}""")]
    [InlineData("""{"data":[{"id":"a"},{"id":"b"}]}""")]
    public async Task What_a_change_touched_is_read_in_every_nesting(string body)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server);

        IReadOnlyList<DatasetRecord>? changed = await client.UpdateRecords("p", "d", [new DatasetRecordPatch { Id = "a", Input = "x" }]).SendAsync();

        Assert.Equal(["a", "b"], changed!.Select(record => record.Id));
        Assert.Equal(("POST", "/api/v2/llm-obs/v1/p/datasets/d/batch_update"), (server.Only.Method, server.Only.Target));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{}")]
    public async Task A_change_has_landed_whatever_its_answer_holds(string body)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server, retries: 3);

        Assert.Null(await client.UpdateRecords("p", "d", [new DatasetRecordPatch { Id = "a", Metadata = null }]).SendAsync());
        Assert.Equal(
            """{"data":{"id":"d","type":"datasets","attributes":{"update_records":[{"id":"a","metadata":null}],"create_new_version":true}}}""", server.Only.Text);
    }

    [Fact]
    public async Task Tags_and_versions_go_by_batch_update()
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using LlmObsClient client = TestClient.For(server);

        await client.UpdateRecords("p", "d", [new DatasetRecordPatch { Id = "a", AddTags = ["x"], RemoveTags = ["y"] }], createVersion: false).SendAsync();

        Assert.Equal(("POST", "/api/v2/llm-obs/v1/p/datasets/d/batch_update"), (server.Only.Method, server.Only.Target));
        Assert.Equal(
            """{"data":{"id":"d","type":"datasets","attributes":{"update_records":[{"id":"a","tag_operations":{"remove":["y"],"add":["x"]}}],"create_new_version":false}}}""",
            server.Only.Text);
    }

    [Fact]
    public async Task Deletions_go_by_batch_update_as_all_that_were_recorded()
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":[{"id":"a","type":"datasets","attributes":{"deleted_at":"2026-08-01T10:00:00Z"}}]}"""));
        using LlmObsClient client = TestClient.For(server);

        Assert.Equal(200, await client.DeleteRecords("p", "d", ["a", "b"]).SendAsync());
        Assert.Equal(("POST", "/api/v2/llm-obs/v1/p/datasets/d/batch_update"), (server.Only.Method, server.Only.Target));
        Assert.Equal("""{"data":{"id":"d","type":"datasets","attributes":{"delete_records":["a","b"]}}}""", server.Only.Text);
    }

    [Fact]
    public async Task Tags_narrow_the_list()
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":null}"""));
        using LlmObsClient client = TestClient.For(server);

        Assert.Empty((await client.ListRecords("p", "d", tags: ["k:a b", "x"]).FirstPage().SendAsync()).Items);
        Assert.Equal("/api/v2/llm-obs/v1/p/datasets/d/records?filter%5Btags%5D=k%3Aa%20b&filter%5Btags%5D=x&page%5Blimit%5D=500", server.Only.Target);
    }

    [Fact]
    public async Task Versions_that_are_null_are_none()
    {
        using var server = new ScriptedServer(Reply.Of(200, """{"data":null}"""));
        using LlmObsClient client = TestClient.For(server);
        Assert.Empty(await client.ListDatasetVersions("p", "d").SendAsync());
    }

    [Theory]
    [InlineData(200, """{"data":[{"id":"d1","type":"datasets"}]}""")]
    [InlineData(204, "")]
    public async Task A_deletion_of_datasets_succeeds_with_and_without_a_body(int status, string body)
    {
        using var server = new ScriptedServer(Reply.Of(status, body));
        using LlmObsClient client = TestClient.For(server);

        Assert.Equal(status, await client.DeleteDatasets("p", ["d1", "d 2"]).SendAsync());
        Assert.Equal("""{"data":{"type":"datasets","attributes":{"dataset_ids":["d1","d 2"]}}}""", server.Only.Text);
    }

    [Theory]
    [InlineData(".", "d")]
    [InlineData("p", "..")]
    [InlineData(" ", "d")]
    public void An_id_that_would_leave_the_path_is_refused(string project, string dataset)
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        Assert.ThrowsAny<ArgumentException>(() => client.DeleteRecords(project, dataset, ["r"]));
    }

    private static object? Member(object? value, string name) => Assert.IsAssignableFrom<IDictionary<string, object?>>(value)[name];
}
