using System.Text;

namespace LlmObs.Client.Tests;

public sealed class RecordUploadTests
{
    private const string Stream = "text/event-stream";
    private static readonly string Told = "event: progress\ndata: {\"records_written\":2}\n\n: a comment\n\nevent: progress\ndata: 3\n\n";

    [Fact]
    public async Task A_file_goes_as_one_part_and_the_events_are_followed()
    {
        using var server = new ScriptedServer(Reply.Of(200, Told + "event: completed\ndata: {\"records_created\":4}\n\nevent: progress\ndata: 9\n\n", Stream));
        using LlmObsClient client = TestClient.For(server);
        var written = new List<long>();

        long? created = await Call(client, deduplicate: true).SendAsync(written.Add);

        Assert.Equal(4, created);
        Assert.Equal([2L, 3L], written);
        Assert.Equal("/api/v2/llm-obs/v2/p%201/datasets/d/records/upload?deduplicate=true", server.Only.Target);
        Assert.StartsWith("multipart/form-data; boundary=", server.Only.Header("Content-Type")[0], StringComparison.Ordinal);
        Assert.Contains("name=file", server.Only.Text, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/csv", server.Only.Text, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\ninput\r\nq\r\n", server.Only.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_giving_up_is_a_failure_with_its_words()
    {
        using var server = new ScriptedServer(Reply.Of(200, Told + "event: error\ndata: {\"message\":\"row 4 is broken.\"}\n\n", Stream));
        using LlmObsClient client = TestClient.For(server, retries: 3);

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => Call(client).SendAsync());

        Assert.Equal(FailureKind.UploadFailed, failure.Kind);
        Assert.Contains("gave up after 3 records: row 4 is broken.", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"data":{"id":"d","type":"datasets","attributes":{"dataset_version":3}}}""", null)]
    [InlineData("""{"data":{"attributes":{"dataset_version":3,"records_created":4}}}""", 4L)]
    [InlineData("""{"records_created":4}""", 4L)]
    public async Task An_answer_of_JSON_is_the_end(string body, long? count)
    {
        using var server = new ScriptedServer(Reply.Of(200, body, "application/vnd.api+json"));
        using LlmObsClient client = TestClient.For(server);

        Assert.Equal(count, await Call(client).SendAsync());
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"errors":[{"title":"Generic Error","detail":"row 4 is broken"}]}""", FailureKind.UploadFailed)]
    [InlineData("""{"data":{"attr""", FailureKind.UploadUnfinished)]
    [InlineData("", FailureKind.UploadUnfinished)]
    public async Task An_answer_of_JSON_that_is_none_or_an_error_is_a_failure(string body, FailureKind kind)
    {
        using var server = new ScriptedServer(Reply.Of(200, body, "application/json"));
        using LlmObsClient client = TestClient.For(server);

        Assert.Equal(kind, (await Assert.ThrowsAsync<LlmObsException>(() => Call(client).SendAsync())).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Falling_silent_before_the_end_is_a_failure_and_nothing_is_sent_again(bool torn)
    {
        Reply reply = Reply.Of(200, Told + "event: completed\ndata: {}", Stream);
        using var server = new ScriptedServer(torn ? reply.TornAfter(Told.Length) : Reply.Of(200, Told, Stream));
        using LlmObsClient client = TestClient.For(server, retries: 3);

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => Call(client).SendAsync());

        Assert.Equal(FailureKind.UploadUnfinished, failure.Kind);
        Assert.Contains("after 3 records", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_failure_of_the_service_is_repeated_only_where_that_makes_nothing_twice(bool deduplicate, int requests)
    {
        using var server = new ScriptedServer(Reply.Error(503).With("Retry-After", "0"), Reply.Of(200, "event: completed\ndata: {\"records_created\":1}\n\n", Stream));
        using LlmObsClient client = TestClient.For(server, retries: 3);

        Exception? failure = await Record.ExceptionAsync(() => Call(client, deduplicate).SendAsync());

        Assert.Equal(deduplicate, failure is null);
        Assert.Equal(requests, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Contains("input\r\nq", request.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_is_read_as_usual()
    {
        using var server = new ScriptedServer(Reply.Error(400, "no column 'input'"));
        using LlmObsClient client = TestClient.For(server);

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => Call(client).SendAsync());

        Assert.Equal(FailureKind.BadRequest, failure.Kind);
        Assert.Contains("no column 'input'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_at_all_ends_with_the_time_limit()
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer((_, _) =>
        {
            time.ExpireLimits();
            return Reply.Never;
        });
        using LlmObsClient client = TestClient.For(server, time: time);

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => Call(client).SendAsync());

        Assert.Equal(FailureKind.Timeout, failure.Kind);
    }

    [Fact]
    public async Task A_cancelled_upload_ends_at_once()
    {
        using var server = new ScriptedServer(Reply.Never);
        using LlmObsClient client = TestClient.For(server, time: TimeProvider.System);
        using var cancellation = new CancellationTokenSource();
        Task<long?> upload = Call(client).SendAsync(cancellation: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("data: x\n")]
    [InlineData("data: x\r\n")]
    [InlineData(": comment\n")]
    [InlineData("{\"a\":[1,")]
    public async Task An_event_without_end_is_not_kept(string part)
    {
        string endless = string.Concat(Enumerable.Repeat(part, (2 * 1024 * 1024) / part.Length));
        using var server = new ScriptedServer(Reply.Of(200, Told + endless, Stream));
        using LlmObsClient client = TestClient.For(server, retries: 3);

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => Call(client).SendAsync());

        Assert.Equal(FailureKind.UploadUnfinished, failure.Kind);
        Assert.Contains("more than 1024 KiB without an end", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Many_events_may_be_longer_than_one_may(string end)
    {
        string many = string.Concat(Enumerable.Repeat($"event: progress{end}data: 1{end}{end}", 100_000));
        using var server = new ScriptedServer(Reply.Of(200, $"{many}event: completed{end}data: 2{end}{end}", Stream));
        using LlmObsClient client = TestClient.For(server);

        Assert.Equal(2, await Call(client).SendAsync());
    }

    [Fact]
    public async Task Progress_is_a_count_that_rises()
    {
        // Only this restarts the time limit, and nothing else that arrives.
        var time = new WaitlessTime();
        using var idle = new IdleTimeout(WaitlessTime.Limit, time, CancellationToken.None);
        string stream = string.Concat(Enumerable.Repeat(": still here\n\nevent: progress\ndata: 0\n\n", 10)) + "event: progress\ndata: 1\n\n";
        int before = time.LimitsSet;
        await new UploadEvents(null).ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(stream)), idle, CancellationToken.None);
        Assert.Equal(before + 1, time.LimitsSet);

        idle.Passed(IdleTimeout.LeastProgress - 1);
        Assert.Equal(before + 1, time.LimitsSet);
        idle.Passed(1);
        Assert.Equal(before + 2, time.LimitsSet);
    }

    [Theory]
    [InlineData("event: error\ndata: {\"message\":\"bad key fake-api-key-000000000000000012ab\"}\n\n", FailureKind.UploadFailed)]
    [InlineData("event: error\ndata: bad key FAKE-API-KEY-000000000000000012AB\n\n", FailureKind.UploadFailed)]
    [InlineData("{\"errors\":[{\"detail\":\"bad key fake-api-key-000000000000000012ab\"}]}", FailureKind.UploadFailed)]
    [InlineData("{\"errors\":[{\"other\":\"bad key fake-api-key-000000000000000012ab\"}]}", FailureKind.UploadFailed)]
    [InlineData("event: error\ndata: {\"message\":\"\\ud800\"}\n\n", FailureKind.UploadFailed)]
    [InlineData("event: completed\ndata: {\"count\":\"\\ud800\"}\n\n", null)]
    [InlineData("{\"errors\":[{\"detail\":\"\\ud800\"}]}", FailureKind.UploadUnfinished)]
    public async Task What_the_service_says_is_shown_without_the_key_and_never_a_raw_exception(string body, FailureKind? kind)
    {
        using var server = new ScriptedServer(Reply.Of(200, body, Stream));
        using var client = new LlmObsClient(new ClientOptions
        {
            BaseUri = server.Address,
            ApiKey = Secret.From("fake-api-key-000000000000000012ab"),
            MaxRetryCount = 0,
        });

        Exception? failure = await Record.ExceptionAsync(() => Call(client).SendAsync());

        Assert.Equal(kind, (failure as LlmObsException)?.Kind);
        Assert.Equal(kind is null, failure is null);
        Assert.DoesNotContain("12ab", failure?.ToString() ?? string.Empty, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_file_of_records_has_JSON_in_each_cell()
    {
        using var file = new RecordCsvFile();
        file.Add(new RecordText("\"a \\\"b\\\", c\""u8.ToArray()) { ExpectedOutput = "12"u8.ToArray(), Metadata = """{"k":"v"}"""u8.ToArray(), Id = "i,1", Tags = ["x", "y"] });
        file.Add(new RecordText("null"u8.ToArray()));

        Assert.Equal(2, file.Count);
        Assert.Equal(
            "id,input,expected_output,metadata,tags\r\n\"i,1\",\"\"\"a \\\"\"b\\\"\", c\"\"\",12,\"{\"\"k\"\":\"\"v\"\"}\",\"[\"\"x\"\",\"\"y\"\"]\"\r\n,null,,,\r\n",
            new StreamReader(file.OpenRead()).ReadToEnd());
    }

    private static RecordUploadCall Call(LlmObsClient client, bool deduplicate = false) => client.UploadRecords(
        "p 1", "d", () => new MemoryStream(Encoding.UTF8.GetBytes("input\r\nq\r\n")), new RecordUploadOptions { Deduplicate = deduplicate });
}
