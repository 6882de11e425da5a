using System.Text;

namespace LlmObs.Client.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"llmobs-test-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task The_file_is_what_the_service_sent()
    {
        using var server = new ScriptedServer(Reply.Of(200, "id,input\r\n1,ü\r\n", "text/csv"));

        Assert.Equal("id,input\r\n1,ü\r\n", await ExportAsync(server));
        Assert.Equal("/api/v2/llm-obs/v1/p/datasets/d/export?format=csv&version=2", server.Only.Target);
    }

    [Fact]
    public async Task A_file_that_broke_off_is_fetched_again_from_its_beginning()
    {
        Reply whole = Reply.Of(200, "id,input\r\n1,q\r\n", "text/csv");
        using var server = new ScriptedServer(whole.TornAfter(9), whole);

        Assert.Equal("id,input\r\n1,q\r\n", await ExportAsync(server, retries: 1));
    }

    [Fact]
    public async Task A_file_that_always_breaks_off_is_a_failure()
    {
        using var server = new ScriptedServer(Reply.Of(200, "id,input\r\n1,q\r\n", "text/csv").TornAfter(9));

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ExportAsync(server, retries: 1));

        Assert.Equal(FailureKind.ConnectionLost, failure.Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    private async Task<string> ExportAsync(ScriptedServer server, int retries = 0)
    {
        using LlmObsClient client = TestClient.For(server, retries);
        using (var target = new FileStream(path, FileMode.Create))
        {
            await client.ExportDataset("p", "d", version: 2).SendAsync(target);
        }

        return await File.ReadAllTextAsync(path, Encoding.UTF8);
    }
}
