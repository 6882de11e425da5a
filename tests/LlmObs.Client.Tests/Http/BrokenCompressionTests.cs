namespace LlmObs.Client.Tests;

/// <summary>A body whose compression is damaged is a lost body: a success stays one, a reading is asked for again.</summary>
public sealed class BrokenCompressionTests
{
    public static TheoryData<string> Encodings => new() { "gzip", "deflate", "br" };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task An_event_that_was_accepted_is_not_sent_again(string encoding)
    {
        using var server = new ScriptedServer(Broken(202, encoding));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        await using var upload = new Upload(client);
        await upload.AddAsync(Upload.Metric(1));
        SendResult result = await upload.CompleteAsync();
        Assert.Equal((1, 0), (result.MetricCount, result.FailedCount));
        Assert.Single(server.Requests);
        Assert.Empty(upload.Log.Failures);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_refusal_stays_a_refusal(string encoding)
    {
        using var server = new ScriptedServer(Broken(403, encoding));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal((FailureKind.Forbidden, 1), (failure.Kind, failure.Attempts));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_list_is_asked_for_again(string encoding)
    {
        using var server = new ScriptedServer(Broken(200, encoding), Reply.Of(200, """{"data":[]}"""));
        using LlmObsClient client = TestClient.For(server, retries: 1);
        Assert.Empty(await client.ListDatasetVersions("p", "d").SendAsync());
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_list_that_stays_damaged_is_a_lost_connection_whose_error_says_so(string encoding)
    {
        using var server = new ScriptedServer(Broken(200, encoding));
        using LlmObsClient client = TestClient.For(server, retries: 1);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => client.ListDatasetVersions("p", "d").SendAsync());
        Assert.Equal((FailureKind.ConnectionLost, 2), (failure.Kind, failure.Attempts));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task An_export_is_fetched_again_from_its_beginning(string encoding)
    {
        using var server = new ScriptedServer(Broken(200, encoding, "text/csv"), Reply.Of(200, "id\r\n1\r\n", "text/csv"));
        using LlmObsClient client = TestClient.For(server, retries: 1);
        using var target = new FileStream(
            Path.Combine(Path.GetTempPath(), $"llmobs-test-{Guid.NewGuid():N}.csv"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
        await client.ExportDataset("p", "d", version: 2).SendAsync(target);
        target.Position = 0;
        using var reader = new StreamReader(target);
        Assert.Equal("id\r\n1\r\n", await reader.ReadToEndAsync());
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task An_upload_whose_answer_is_damaged_is_not_made_again(string encoding)
    {
        using var server = new ScriptedServer(Broken(200, encoding, "text/event-stream"));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => client.UploadRecords(
            "p", "d", () => new MemoryStream("input\r\nq\r\n"u8.ToArray()), new RecordUploadOptions()).SendAsync());
        Assert.Equal(FailureKind.UploadUnfinished, failure.Kind);
        Assert.Single(server.Requests);
    }

    private static Reply Broken(int status, string encoding, string type = "application/json")
    {
        byte[] noise = new byte[300];
        noise.AsSpan().Fill(0xFF);
        return Reply.Of(status, noise, type).With("Content-Encoding", encoding);
    }
}
