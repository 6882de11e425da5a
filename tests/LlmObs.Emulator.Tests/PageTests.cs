using System.Text;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Pages;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

/// <summary>Pages for a browser; their source decides their content.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private readonly EmulatorServer _server = Start(new());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/", "HTTP/1.1 200 OK", "overview of 0")]
    [InlineData("/experiments/e%201", "HTTP/1.1 404 Not Found", "experiment e 1")]
    [InlineData("/experiments/a/b", "HTTP/1.1 404 Not Found", "experiment a/b")]
    [InlineData("/compare?experiment=a&experiment=b%26c", "HTTP/1.1 200 OK", "compared a, b&c")]
    [InlineData("/compare", "HTTP/1.1 200 OK", "compared ")]
    public async Task A_path_leads_to_its_page(string path, string status, string body)
    {
        string answer = await SendAsync($"GET {path}");
        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{body}", answer, StringComparison.Ordinal);
        foreach (string header in (string[])["Content-Type: text/html; charset=utf-8", "Content-Security-Policy: frame-ancestors 'none'", "X-Content-Type-Options: nosniff", "Cache-Control: no-store"])
        {
            Assert.Contains($"\r\n{header}\r\n", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST / ")]
    [InlineData("DELETE /experiments/e1")]
    [InlineData("PUT /compare")]
    public async Task Nothing_is_changed_by_a_page(string request) =>
        Assert.StartsWith("HTTP/1.1 404 ", await SendAsync(request.Trim()), StringComparison.Ordinal);

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Host: evil.example")]
    public async Task Pages_follow_the_rules_of_the_API(string header) =>
        Assert.StartsWith("HTTP/1.1 403 ", await SendAsync("GET /", header), StringComparison.Ordinal);

    [Fact]
    public async Task A_page_that_can_not_be_made_is_a_problem_of_its_own()
    {
        Assert.StartsWith("HTTP/1.1 500 ", await SendAsync("GET /experiments/broken"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync("GET /"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_looks_for_an_icon_is_answered() =>
        Assert.StartsWith("HTTP/1.1 204 ", await SendAsync("GET /favicon.ico"), StringComparison.Ordinal);

    [Fact]
    public async Task A_head_has_no_body()
    {
        string answer = await SendAsync("HEAD /");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_kept_for_programs()
    {
        await using EmulatorServer server = Start(new() { Faults = [new() { Status = 503 }] });
        Assert.StartsWith("HTTP/1.1 200 ", await SendAsync("GET /", server: server), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503 ", await SendAsync($"GET {TestEmulator.Experiments}", server: server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emulator_that_asks_for_keys_gives_nothing_out_without_them()
    {
        await using EmulatorServer server = Start(new() { Keys = new() { ApiKey = Secret.From("fake-api-key-1234") } });
        string answer = await SendAsync("GET /", server: server);
        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("asks for keys", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_source_there_are_none()
    {
        await using EmulatorServer server = EmulatorServer.Start(new());
        Assert.StartsWith("HTTP/1.1 404 ", await SendAsync("GET /", server: server), StringComparison.Ordinal);
    }

    private static EmulatorServer Start(EmulatorOptions options) => EmulatorServer.Start(options, new Source());

    private Task<string> SendAsync(string request, string? header = null, EmulatorServer? server = null)
    {
        int port = (server ?? _server).Port;
        string host = header?.StartsWith("Host:", StringComparison.Ordinal) == true ? string.Empty : $"Host: 127.0.0.1:{port}\r\n";
        return RawHttp.SendAsync(port, $"{request} HTTP/1.1\r\n{host}{(header is null ? string.Empty : $"{header}\r\n")}Connection: close\r\n\r\n");
    }

    private sealed class Source : IPageSource
    {
        public Task<EmulatorPage> OverviewAsync(EmulatorStore store) => Page(200, $"overview of {store.ExperimentCount}");

        public Task<EmulatorPage> ExperimentAsync(EmulatorStore store, string experimentId) =>
            experimentId == "broken" ? throw new InvalidOperationException("on purpose") : Page(404, $"experiment {experimentId}");

        public Task<EmulatorPage> ComparisonAsync(EmulatorStore store, IReadOnlyList<string> experimentIds) => Page(200, $"compared {string.Join(", ", experimentIds)}");

        private static Task<EmulatorPage> Page(int status, string text) => Task.FromResult(new EmulatorPage(status, Encoding.UTF8.GetBytes(text)));
    }
}
