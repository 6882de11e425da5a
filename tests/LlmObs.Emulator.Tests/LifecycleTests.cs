using System.Net.Sockets;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Many_emulators_run_side_by_side_on_free_ports()
    {
        var emulators = Enumerable.Range(0, 10).Select(_ => new TestEmulator()).ToList();

        Assert.Equal(10, emulators.Select(emulator => emulator.Server.Port).Distinct().Count());
        await emulators[3].ExperimentAsync();
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 0, 0], emulators.Select(emulator => emulator.Store.ExperimentCount));
        foreach (TestEmulator emulator in emulators)
        {
            Assert.Equal($"http://127.0.0.1:{emulator.Server.Port}/", emulator.Server.BaseUri.AbsoluteUri);
            await emulator.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_port_can_be_asked_for_and_used_again()
    {
        int port;
        await using (var first = new TestEmulator())
        {
            port = first.Server.Port;
            await first.MustServeAsync();
        }

        await using var second = new TestEmulator(new EmulatorOptions { Port = port });
        Assert.Equal(port, second.Server.Port);
        await second.MustServeAsync();
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_that_names_it()
    {
        await using var first = new TestEmulator();

        EmulatorException failure = Assert.Throws<EmulatorException>(() => EmulatorServer.Start(new EmulatorOptions { Port = first.Server.Port }));

        Assert.Contains($"Port {first.Server.Port}", failure.Message, StringComparison.Ordinal);
        await first.MustServeAsync();
    }

    [Fact]
    public void A_port_of_another_program_is_an_error_that_names_it()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        int port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;

        EmulatorException failure = Assert.Throws<EmulatorException>(() => EmulatorServer.Start(new EmulatorOptions { Port = port }));

        Assert.Contains($"Port {port}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_port_out_of_range_is_an_error(int port) =>
        Assert.Throws<EmulatorException>(() => EmulatorServer.Start(new EmulatorOptions { Port = port }));

    [Fact]
    public async Task After_the_stop_nothing_is_served_and_stopping_again_does_nothing()
    {
        var emulator = new TestEmulator();
        await emulator.MustServeAsync();
        await emulator.Server.DisposeAsync();
        await emulator.Server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.ExperimentAsync());
        Assert.Equal(1, emulator.Store.ExperimentCount);
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_under_load_loses_nothing_that_was_answered()
    {
        using var folder = new TempFolder();
        var emulator = new TestEmulator(folder.Options);
        string id = await emulator.ExperimentAsync();
        int accepted = 0;
        Task[] senders = [.. Enumerable.Range(0, 4).Select(async sender =>
        {
            try
            {
                for (int index = 0; ; index++)
                {
                    Reply reply = await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric($"{sender}-{index}")));
                    Assert.Equal(202, reply.Status);
                    Interlocked.Increment(ref accepted);
                }
            }
            catch (HttpRequestException)
            {
                // The stop.
            }
        })];
        await Wait.UntilAsync(() => Volatile.Read(ref accepted) >= 20);

        await emulator.Server.DisposeAsync();
        await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(10));
        await emulator.DisposeAsync();

        await using var again = new TestEmulator(folder.Options);
        Assert.InRange(again.Store.MetricCount, accepted, accepted + senders.Length);
    }

    [Fact]
    public async Task A_connection_is_used_again()
    {
        await using var emulator = new TestEmulator();
        string create = Bodies.Data("experiments", """{"name":"a","project_id":"p"}""");
        string request = $"POST {TestEmulator.Experiments} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {create.Length}\r\n\r\n{create}";
        string last = request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);

        string answer = await RawHttp.SendAsync(emulator.Server.Port, request + request + last, closeAfter: false);

        Assert.Equal(3, answer.Split("HTTP/1.1 200").Length - 1);
        Assert.Equal(3, emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task Requests_are_kept_with_what_was_sent_and_answered()
    {
        await using var emulator = new TestEmulator();
        string body = Bodies.Data("experiments", "{\n\"name\":\"a\",\r\n\"project_id\":\"p\"}");

        await emulator.PostAsync(TestEmulator.Experiments, body);
        await emulator.PostAsync("/nothing", "x");

        Assert.Equal(["POST", "POST"], emulator.Server.Requests.Select(request => request.Method));
        Assert.Equal([TestEmulator.Experiments, "/nothing"], emulator.Server.Requests.Select(request => request.Path));
        Assert.Equal([200, 404], emulator.Server.Requests.Select(request => request.Status));
        Assert.Equal(body, System.Text.Encoding.UTF8.GetString(emulator.Server.Requests[0].Body.Span));
        Assert.Equal("application/json", emulator.Server.Requests[0].Headers["content-type"]);
        Assert.False(emulator.Server.Requests[0].HasApiKey);
        Assert.False(emulator.Server.Requests[0].HasApplicationKey);
    }

    [Fact]
    public async Task Only_the_last_requests_are_kept()
    {
        await using var emulator = new TestEmulator(
            new EmulatorOptions(), new RequestLimits { MaxRecordedRequests = 3, MaxRecordedBytes = 100 });
        for (int index = 0; index < 5; index++)
        {
            await emulator.PostAsync($"/{index}", "x");
        }

        Assert.Equal(["/2", "/3", "/4"], emulator.Server.Requests.Select(request => request.Path));
        await emulator.PostAsync("/5", new string('x', 99));
        Assert.Equal(["/4", "/5"], emulator.Server.Requests.Select(request => request.Path));
        Assert.Equal(6, emulator.Server.RequestCount);
    }
}
