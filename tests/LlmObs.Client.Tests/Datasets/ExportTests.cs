using System.Text;

namespace LlmObs.Client.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"llmobs-test-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_path);

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

    [Theory]
    [InlineData("text/csv")]
    [InlineData("Text/CSV; charset=utf-8")]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task A_table_may_come_under_these_types(string? type)
    {
        using var server = new ScriptedServer(type is null ? Reply.Untyped("id,input\r\n1,<html>\r\n") : Reply.Of(200, "id,input\r\n1,<html>\r\n", type));

        Assert.Equal("id,input\r\n1,<html>\r\n", await ExportAsync(server));
    }

    [Theory]
    [InlineData("text/html", "<html>Sign in</html>")]
    [InlineData("TEXT/HTML; charset=utf-8", "")]
    [InlineData("application/json", """{"data":[]}""")]
    [InlineData("image/png", "PNG")]
    [InlineData(null, "\r\n <!DOCTYPE html><title>Sign in</title>")]
    public async Task What_is_no_table_is_an_answer_of_somebody_else(string? type, string body)
    {
        using var server = new ScriptedServer(type is null ? Reply.Untyped(body) : Reply.Of(200, body.PadRight(1), type));

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ExportAsync(server, retries: 2));

        Assert.Equal(FailureKind.ForeignAnswer, failure.Kind);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t\n")]
    public async Task An_empty_file_is_a_failure(string body)
    {
        using var server = new ScriptedServer(Reply.Of(200, body, "text/csv"));

        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ExportAsync(server, retries: 2));

        Assert.Equal(FailureKind.UnreadableAnswer, failure.Kind);
        Assert.Contains("it is empty", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17, true)]
    [InlineData(16, false)]
    public async Task A_file_has_at_most_the_bytes_that_were_allowed(long most, bool isTaken)
    {
        using var server = new ScriptedServer(Reply.Of(200, "id,input\r\n1,abc\r\n"[..17], "text/csv"));
        using LlmObsClient client = TestClient.For(server, 2);
        using var target = new FileStream(_path, FileMode.Create);

        Exception? failure = await Record.ExceptionAsync(() => client.ExportDataset("p", "d").SendAsync(target, most));

        Assert.Equal(isTaken, failure is null);
        Assert.Equal(isTaken ? null : FailureKind.AnswerTooLarge, (failure as LlmObsException)?.Kind);
        Assert.True(target.Length <= most);
        Assert.Single(server.Requests);
    }

    private async Task<string> ExportAsync(ScriptedServer server, int retries = 0)
    {
        using LlmObsClient client = TestClient.For(server, retries);
        using (var target = new FileStream(_path, FileMode.Create))
        {
            await client.ExportDataset("p", "d", version: 2).SendAsync(target);
        }

        return await File.ReadAllTextAsync(_path, Encoding.UTF8);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(2000)]
    [InlineData(-9)]
    [InlineData(-1)]
    public async Task A_packed_file_that_is_cut_off_is_fetched_again_though_the_answer_is_whole(int cut)
    {
        string csv = string.Concat(Enumerable.Range(0, 5000).Select(row => $"{row},question {row * 7919 % 10007}\r\n"));
        byte[] packed = Pack(csv);
        Assert.InRange(packed.Length, 3000, csv.Length);
        Reply Packed(byte[] body) => Reply.Of(200, body, "text/csv").With("Content-Encoding", "gzip");
        using var server = new ScriptedServer(Packed(packed[..(cut > 0 ? cut : packed.Length + cut)]), Packed(packed));
        using LlmObsClient client = TestClient.For(server, retries: 1);
        Assert.Equal(csv.Length, await FetchAsync(client));
        Assert.Equal(csv, await File.ReadAllTextAsync(_path));
        Assert.Equal(["gzip"], server.Requests[0].Header("Accept-Encoding"));
        using var always = new ScriptedServer(Packed(packed[..(cut > 0 ? cut : packed.Length + cut)]));
        using LlmObsClient other = TestClient.For(always, retries: 1);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => FetchAsync(other));
        Assert.Equal((FailureKind.ConnectionLost, 2), (failure.Kind, failure.Attempts));
    }

    private async Task<long> FetchAsync(LlmObsClient client)
    {
        using var target = new FileStream(_path, FileMode.Create, FileAccess.ReadWrite);
        return await client.ExportDataset("p", "d", version: 2).SendAsync(target);
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
