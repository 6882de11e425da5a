using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class MetricAgeTests
{
    private const string Recorded =
        """{"errors":[{"title":"Generic Error","detail":"Key: 'ExperimentEvalMetricEvent.EvalMetricBase.TimestampMs' Error:Field validation for 'TimestampMs' failed on the 'timestamp_within_24hr' tag"}]}""";

    private static readonly DateTimeOffset Now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly long DayAgo = Now.AddDays(-1).ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(-1, 400)]
    [InlineData(-100_000_000, 400)]
    [InlineData(0, 202)]
    [InlineData(1, 202)]
    [InlineData(86_400_000, 202)]
    public async Task A_metric_older_than_24_hours_is_refused(long afterTheLimit, int status)
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = new FixedTime(Now) });
        string id = await emulator.ExperimentAsync();

        Reply reply = await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric(at: DayAgo + afterTheLimit)));

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task The_refusal_is_the_recorded_one_and_takes_the_whole_request_with_it()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = new FixedTime(Now) });
        string id = await emulator.ExperimentAsync();
        string good = Bodies.Metric("a", at: Now.ToUnixTimeMilliseconds());

        Reply reply = await emulator.PushAsync(
            id, $$"""{"spans":[{{Bodies.Span()}}],"metrics":[{{good}},{{Bodies.Metric("b", at: DayAgo - 1)}}]}""");

        Assert.Equal(400, reply.Status);
        Assert.Equal(Recorded, reply.Text);
        Assert.Equal(0, emulator.Store.SpanCount);
        Assert.Equal(0, emulator.Store.MetricCount);
    }

    [Fact]
    public async Task The_rule_can_be_turned_off()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions { Time = new FixedTime(Now), CheckMetricAge = false });
        string id = await emulator.ExperimentAsync();

        Assert.Equal(202, (await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric(at: 0)))).Status);
        Assert.Equal(1, emulator.Store.MetricCount);
    }
}
