using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class RoutingTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v2/llm-obs/v1")]
    [InlineData("/api/v2/llm-obs/v1/experiments/")]
    [InlineData("/api/v2/llm-obs/v1/experiments//events")]
    [InlineData("/api/v2/llm-obs/v1/Experiments")]
    [InlineData("/api/v2/llm-obs/v1/experiments/a/events/b")]
    [InlineData("/api/v1/llm-obs/v1/experiments")]
    public async Task An_unknown_path_is_404(string path)
    {
        Reply reply = await _emulator.PostAsync(path, "{}");

        reply.MustRefuse(404, null);
    }

    [Theory]
    [InlineData("DELETE", TestEmulator.Experiments, "POST, GET")]
    [InlineData("PUT", TestEmulator.Experiments, "POST, GET")]
    [InlineData("DELETE", TestEmulator.Experiments + "/x", "PATCH")]
    [InlineData("POST", TestEmulator.Experiments + "/x", "PATCH")]
    [InlineData("PUT", TestEmulator.Experiments + "/x/events", "POST, GET")]
    [InlineData("PATCH", TestEmulator.Analytics, "POST")]
    [InlineData("OPTIONS", TestEmulator.Analytics, "POST")]
    [InlineData("WEIRD", TestEmulator.Analytics, "POST")]
    public async Task A_wrong_method_is_405_and_says_which_is_right(string method, string path, string allowed)
    {
        Reply reply = await _emulator.SendAsync(method, path, method is "GET" ? null : "{}"u8.ToArray());

        reply.MustRefuse(405, null);
        Assert.Equal(allowed, reply.Headers["Allow"]);
    }

    [Fact]
    public async Task HEAD_is_answered_without_a_body()
    {
        Reply reply = await _emulator.SendAsync("HEAD", TestEmulator.Experiments, null);

        Assert.Equal(405, reply.Status);
        Assert.Empty(reply.Body);
        await _emulator.MustServeAsync();
    }

    [Fact]
    public async Task A_query_string_changes_nothing() => Assert.Equal(
        200,
        (await _emulator.PostAsync(
            TestEmulator.Experiments + "?a=b&api_key=x", Bodies.Data("experiments", """{"name":"a","project_id":"p"}"""))).Status);

    [Theory]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("%2e%2e")]
    [InlineData("a%00b")]
    [InlineData("a%0d%0aSet-Cookie:%20x")]
    [InlineData("%ff%fe")]
    [InlineData("%E2%80%AE")]
    [InlineData("con")]
    [InlineData("C:%5Cwindows")]
    [InlineData("%")]
    [InlineData("%zz")]
    public async Task An_id_that_looks_like_a_path_is_just_unknown(string id)
    {
        using var folder = new TempFolder();
        await using var emulator = new TestEmulator(folder.Options);

        string answer = await RawHttp.SendAsync(
            emulator.Server.Port,
            $"POST {TestEmulator.EventsOf(id)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}");

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Equal(["journal.jsonl", "journal.lock"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        await emulator.MustServeAsync();
    }
}
