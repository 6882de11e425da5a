using System.Net;
using System.Net.Sockets;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class HostTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:<port>")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example:<port>")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0:<port>")]
    [InlineData("")]
    [InlineData("a@127.0.0.1")]
    [InlineData("127.0.0.1, evil.example")]
    [InlineData("[::1]evil.example")]
    [InlineData("[::1]evil.example:<port>")]
    public async Task A_host_that_is_not_this_machine_is_refused(string host)
    {
        string answer = await PostAsync($"Host: {host.Replace("<port>", $"{_emulator.Server.Port}", StringComparison.Ordinal)}\r\n");

        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, _emulator.Store.ExperimentCount);
        await _emulator.MustServeAsync();
    }

    [Theory]
    [InlineData("HTTP/1.0", "", 403)]
    [InlineData("HTTP/1.0", "Host: evil.example\r\n", 403)]
    [InlineData("HTTP/1.1", "", 400)]
    [InlineData("HTTP/1.1", "Host: 127.0.0.1\r\nHost: evil.example\r\n", 400)]
    public async Task A_request_without_a_host_of_this_machine_is_refused_in_every_version(string version, string headers, int status)
    {
        string answer = await PostAsync(headers, version: version);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task A_foreign_host_in_the_request_line_is_refused()
    {
        string answer = await PostAsync($"Host: 127.0.0.1:{_emulator.Server.Port}\r\n", target: "http://evil.example" + TestEmulator.Experiments);

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task A_foreign_host_header_behind_a_loopback_request_line_is_refused()
    {
        string answer = await PostAsync(
            "Host: evil.example\r\n", target: $"http://127.0.0.1:{_emulator.Server.Port}{TestEmulator.Experiments}");

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Store.ExperimentCount);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]")]
    public async Task This_machine_is_served_by_each_of_its_names(string name)
    {
        string answer = await PostAsync($"Host: {name}:{_emulator.Server.Port}\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(1, _emulator.Store.ExperimentCount);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:80", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::1]:80", true)]
    [InlineData("localhost:1", true)]
    [InlineData("LocalHost", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("[", false)]
    [InlineData(":", false)]
    [InlineData("[::2]:80", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("localhost.", false)]
    [InlineData("127.0.0.1.nip.io", false)]
    public void The_name_decides(string? host, bool expected) => Assert.Equal(expected, LoopbackHost.Matches(host));

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://localhost:<port>")] // the emulator is called by its number here
    [InlineData("Origin: http://127.0.0.1")]
    [InlineData("Origin: http://127.0.0.1:<port>\r\nOrigin: https://evil.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: Cross-Site")]
    public async Task A_web_page_from_elsewhere_can_neither_write_nor_read(string header)
    {
        string own = header.Replace("<port>", $"{_emulator.Server.Port}", StringComparison.Ordinal);
        string host = $"Host: 127.0.0.1:{_emulator.Server.Port}\r\n{own}\r\n";

        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", await PostAsync(host + "Content-Type: text/plain\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", await PostAsync(host + "Content-Type: application/json\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", await GetAsync(host), StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Store.ExperimentCount);
        await _emulator.MustServeAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b")]
    [InlineData("text/html")]
    [InlineData("application/octet-stream")]
    [InlineData("application/jsonx")]
    [InlineData("json")]
    public async Task A_body_that_a_form_could_send_is_refused(string type)
    {
        string answer = await PostAsync($"Host: 127.0.0.1:{_emulator.Server.Port}\r\nContent-Type: {type}\r\n");

        Assert.StartsWith("HTTP/1.1 415 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Store.ExperimentCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: application/json\r\n")]
    [InlineData("Content-Type: Application/JSON; charset=utf-8\r\n")]
    [InlineData("Content-Type: application/vnd.api+json\r\n")]
    [InlineData("Content-Type: application/json\r\nOrigin: http://127.0.0.1:<port>\r\nSec-Fetch-Site: same-origin\r\n")]
    [InlineData("Content-Type: application/json\r\nSec-Fetch-Site: none\r\n")]
    public async Task Programs_and_the_emulators_own_page_are_served(string headers)
    {
        string port = $"{_emulator.Server.Port}";
        string all = $"Host: 127.0.0.1:{port}\r\n{headers.Replace("<port>", port, StringComparison.Ordinal)}";

        Assert.StartsWith("HTTP/1.1 200", await PostAsync(all), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await GetAsync(all), StringComparison.Ordinal);
        Assert.Equal(1, _emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task Other_interfaces_are_not_listened_on()
    {
        IPAddress[] addresses = [.. (await Dns.GetHostAddressesAsync(Dns.GetHostName()))
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))];
        foreach (IPAddress address in addresses)
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await Assert.ThrowsAnyAsync<Exception>(async () => await client.ConnectAsync(address, _emulator.Server.Port, limit.Token));
        }

        Assert.Equal("127.0.0.1", _emulator.Server.BaseUri.Host);
    }

    private Task<string> GetAsync(string headers) => RawHttp.SendAsync(
        _emulator.Server.Port, $"GET {TestEmulator.Experiments}?filter[project_id]=p HTTP/1.1\r\n{headers}Connection: close\r\n\r\n", closeAfter: false);

    private Task<string> PostAsync(string headers, string? target = null, string version = "HTTP/1.1")
    {
        string body = Bodies.Data("experiments", """{"name":"a","project_id":"p"}""");
        return RawHttp.SendAsync(
            _emulator.Server.Port,
            $"POST {target ?? TestEmulator.Experiments} {version}\r\n{headers}Connection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            closeAfter: false);
    }
}
