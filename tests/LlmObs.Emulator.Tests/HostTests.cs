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

    private Task<string> PostAsync(string headers, string? target = null, string version = "HTTP/1.1")
    {
        string body = Bodies.Data("experiments", """{"name":"a","project_id":"p"}""");
        return RawHttp.SendAsync(
            _emulator.Server.Port,
            $"POST {target ?? TestEmulator.Experiments} {version}\r\n{headers}Connection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            closeAfter: false);
    }
}
