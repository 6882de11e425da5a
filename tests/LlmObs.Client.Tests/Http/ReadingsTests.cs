namespace LlmObs.Client.Tests;

/// <summary>Read requests may be repeated as often as necessary, and their answers must be complete.</summary>
public sealed class ReadingsTests
{
    private const string Versions = """{"data":[]}""";
    private const string Found = """{"data":{"attributes":{}}}""";

    [Fact]
    public async Task A_list_that_broke_off_is_read_again()
    {
        using var server = new ScriptedServer(Reply.Of(200, Versions).TornAfter(5), Reply.Of(200, Versions));
        using LlmObsClient client = TestClient.For(server, retries: 1);
        Assert.Empty(await client.ListDatasetVersions("p", "d").SendAsync());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_search_that_broke_off_is_made_again()
    {
        using var server = new ScriptedServer(Reply.Of(200, Found).TornAfter(5), Reply.Of(200, Found));
        using LlmObsClient client = TestClient.For(server, retries: 1);
        int pages = 0;
        await foreach (Page<Experiment> page in client.SearchExperiments(new ExperimentSearch()).ReadAsync())
        {
            pages++;
            Assert.Empty(page.Items);
        }

        Assert.Equal(1, pages);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_list_that_always_breaks_off_is_a_lost_connection()
    {
        using var server = new ScriptedServer(Reply.Of(200, Versions).TornAfter(5));
        using LlmObsClient client = TestClient.For(server, retries: 2);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => client.ListDatasetVersions("p", "d").SendAsync());
        Assert.Equal((FailureKind.ConnectionLost, 3), (failure.Kind, failure.Attempts));
    }

    [Fact]
    public async Task An_answer_without_end_is_not_kept_and_not_asked_for_again()
    {
        using var server = new ScriptedServer(Reply.Of(200, new byte[ApiTransport.LargestAnswer + 1]));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => client.ListDatasetVersions("p", "d").SendAsync());
        Assert.Equal((FailureKind.AnswerTooLarge, 1), (failure.Kind, failure.Attempts));
        Assert.Contains("its body is larger than 32 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_the_most_bytes_is_read()
    {
        byte[] largest = new byte[ApiTransport.LargestAnswer];
        largest.AsSpan().Fill((byte)' ');
        "{\"data\":[]}"u8.CopyTo(largest);
        using var server = new ScriptedServer(Reply.Of(200, largest));
        using LlmObsClient client = TestClient.For(server);
        Assert.Empty(await client.ListDatasetVersions("p", "d").SendAsync());
    }
}
