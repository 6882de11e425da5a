using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class AggregateRequestTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    [Theory]
    [InlineData("compute", null, "/compute")]
    [InlineData("compute", "null", "/compute")]
    [InlineData("compute", "[]", "/compute")]
    [InlineData("compute", "{}", "/compute")]
    [InlineData("compute", "[1]", "/compute/0")]
    [InlineData("compute", "[{}]", "/compute/0/metric")]
    [InlineData("compute", "[{\"metric\":\"\"}]", "/compute/0/metric")]
    [InlineData("compute", "[{\"metric\":5}]", "/compute/0/metric")]
    [InlineData("compute", "[{\"metric\":\"a\"},{\"metric\":\"b\",\"name\":1}]", "/compute/1/name")]
    [InlineData("compute", "[{\"metric\":\"a\"},{\"metric\":\"a\"}]", "/compute/1")]
    [InlineData("compute", "[{\"metric\":\"a\",\"name\":\"x\"},{\"metric\":\"b\",\"name\":\"x\"}]", "/compute/1")]
    [InlineData("indexes", null, "/indexes")]
    [InlineData("indexes", "[]", "/indexes")]
    [InlineData("indexes", "\"experiment-evals\"", "/indexes")]
    [InlineData("indexes", "[null]", "/indexes/0")]
    [InlineData("indexes", "[\"experiment-evals\",\"spans\"]", "/indexes/1")]
    [InlineData("search", null, "/search")]
    [InlineData("search", "null", "/search")]
    [InlineData("search", "\"x\"", "/search")]
    [InlineData("search", "{}", "/search/query")]
    [InlineData("search", "{\"query\":null}", "/search/query")]
    [InlineData("search", "{\"query\":1}", "/search/query")]
    [InlineData("group_by", "{}", "/group_by")]
    [InlineData("group_by", "[\"label\"]", "/group_by/0")]
    [InlineData("group_by", "[{}]", "/group_by/0/field")]
    [InlineData("group_by", "[{\"field\":\"\"}]", "/group_by/0/field")]
    [InlineData("group_by", "[{\"field\":\"a\"},{\"field\":\"a\"}]", "/group_by/1/field")]
    [InlineData("limit", "0", "/limit")]
    [InlineData("limit", "-5", "/limit")]
    [InlineData("limit", "2147483648", "/limit")]
    [InlineData("limit", "1.5", "/limit")]
    [InlineData("limit", "\"10\"", "/limit")]
    [InlineData("dataset_version", "\"integer\"", "/dataset_version")]
    [InlineData("dataset_version", "1e30", "/dataset_version")]
    [InlineData("time", "5", "/time")]
    [InlineData("time", "{}", "/time/from")]
    [InlineData("time", "{\"from\":1}", "/time/to")]
    [InlineData("time", "{\"to\":1}", "/time/from")]
    [InlineData("time", "{\"from\":null,\"to\":1}", "/time/from")]
    [InlineData("time", "{\"from\":\"now\",\"to\":1}", "/time/from")]
    [InlineData("time", "{\"from\":2,\"to\":1}", "/time/from")]
    public async Task Refuses_a_wrong_field_and_points_at_it(string field, string? value, string pointer)
    {
        const string Right = """
            {"compute":[{"metric":"score_value"}],"indexes":["experiment-evals"],"search":{"query":"*"},"group_by":[{"field":"label"}],
            "limit":10,"dataset_version":1,"time":{"from":1,"to":2}}
            """;
        Assert.Equal(200, (await _emulator.AggregateAsync(Right)).Status);

        Reply reply = await _emulator.AggregateAsync(Bodies.With(Right, field, value));

        reply.MustRefuse(400, "/data/attributes/aggregate" + pointer);
    }

    [Fact]
    public async Task Refuses_the_unknown_index_by_naming_the_known_one() => Assert.Contains(
        "experiment-evals",
        (await _emulator.AggregateAsync("""{"compute":[{"metric":"a"}],"indexes":["x"],"search":{"query":""}}""")).Detail,
        StringComparison.Ordinal);

    [Fact]
    public async Task Refuses_a_wrong_frame_and_points_at_it()
    {
        (await _emulator.PostAsync(TestEmulator.Analytics, Bodies.Data("experimentation", "{}"))).MustRefuse(400, "/data/attributes/aggregate");
        (await _emulator.PostAsync(TestEmulator.Analytics, Bodies.Data("events", "{}"))).MustRefuse(400, "/data/type");
    }

    [Fact]
    public async Task An_aggregate_that_takes_too_long_is_given_up()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions(), new RequestLimits { AggregateTime = TimeSpan.Zero });
        string id = await emulator.ExperimentAsync();
        await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric()));

        Reply reply = await emulator.AggregateAsync("""{"compute":[{"metric":"a"}],"indexes":["experiment-evals"],"search":{"query":""}}""");

        reply.MustRefuse(504, null);
    }

    [Fact]
    public async Task An_aggregate_whose_client_is_gone_is_given_up()
    {
        var time = new HeldTime();
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = time, Faults = [new EmulatorFault { On = "/analytics", DelayMs = 1 }] });
        string id = await emulator.ExperimentAsync();
        await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric()));
        string body = Bodies.Data("experimentation", """{"aggregate":{"compute":[{"metric":"a"}],"indexes":["experiment-evals"],"search":{"query":""}}}""");
        using (var client = new TcpClient(AddressFamily.InterNetwork))
        {
            await client.ConnectAsync(IPAddress.Loopback, emulator.Server.BaseUri.Port);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"POST {TestEmulator.Analytics} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            await time.Waiting;
        }

        time.Release();
        LoggedRequest? asked = null;
        await Wait.UntilAsync(() => (asked = emulator.Server.Requests.LastOrDefault(request => request.Path == TestEmulator.Analytics)) is not null);

        Assert.Equal(499, asked!.Status);
    }

    /// <summary>A clock whose first timer runs out on the test's command.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private readonly TaskCompletionSource<Action> _timer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => _timer.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timer.TrySetResult(() => callback(state));
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Release() => _timer.Task.Result();
    }
}
