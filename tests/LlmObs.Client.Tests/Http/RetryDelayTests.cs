namespace LlmObs.Client.Tests;

public sealed class RetryDelayTests
{
    private static readonly DateTimeOffset Start = new WaitlessTime().GetUtcNow();

    public static TheoryData<string[], double> Headers => new()
    {
        { ["x-ratelimit-reset: 7"], 7 },
        { ["X-RateLimit-Reset: 2.5"], 2.5 },
        { ["x-ratelimit-reset: 7, 7"], 7 },
        { ["x-ratelimit-reset: 7", "x-ratelimit-reset: 7"], 7 },
        { ["x-ratelimit-reset: 3, 9"], 9 },
        { [$"x-ratelimit-reset: {Start.ToUnixTimeSeconds() + 12}"], 12 },
        { [$"x-ratelimit-reset: {Start.ToUnixTimeMilliseconds() + 4500}"], 4.5 },
        { ["Retry-After: 11"], 11 },
        { [$"Retry-After: {Start.AddSeconds(20):r}"], 20 },
        { ["x-ratelimit-reset: 2", "Retry-After: 5"], 5 },
        { ["x-ratelimit-reset: 90"], 60 },
        { ["Retry-After: 999999999"], 60 },
        { [$"Retry-After: {Start.AddYears(1):r}"], 60 },
        { ["x-ratelimit-reset: 99999999999999999999999"], 60 },
    };

    public static TheoryData<string> HeadersThatAskForNoWait => new(
        "x-ratelimit-reset: 0", $"x-ratelimit-reset: {Start.ToUnixTimeSeconds() - 100}", $"Retry-After: {Start.AddMinutes(-5):r}");

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task The_wait_is_what_the_service_asks_for_and_a_little_spread(string[] headers, double seconds)
    {
        TimeSpan wait = await FirstWaitAsync(headers);
        Assert.InRange(wait.TotalSeconds, seconds, Math.Min(60, seconds + 0.25));
    }

    [Theory]
    [MemberData(nameof(HeadersThatAskForNoWait))]
    public async Task A_moment_that_has_passed_is_no_reason_to_wait(string header) =>
        Assert.InRange((await FirstWaitAsync([header])).TotalSeconds, 0, 0.25);

    [Theory]
    [InlineData("x-ratelimit-reset: soon")]
    [InlineData("x-ratelimit-reset: -5")]
    [InlineData("x-ratelimit-reset: NaN")]
    [InlineData("x-ratelimit-reset: ,")]
    [InlineData("Retry-After: tomorrow")]
    [InlineData("x-ratelimit-remaining: 40")]
    public async Task A_header_that_cannot_be_read_counts_as_none(string header) =>
        Assert.InRange((await FirstWaitAsync([header])).TotalSeconds, 0, 0.5);

    [Fact]
    public async Task A_5xx_may_ask_for_a_wait_too()
    {
        using var server = new ScriptedServer(Reply.Error(503).With("Retry-After", "13"), Reply.Of(200));
        var time = new WaitlessTime();
        using LlmObsClient client = TestClient.For(server, 1, time);
        await TestClient.SendAsync(client, TestClient.Update);
        Assert.InRange(Assert.Single(time.Waits).TotalSeconds, 13, 13.25);
    }

    [Fact]
    public async Task A_new_request_waits_for_the_reset_too_behind_those_that_were_refused_and_others_do_not()
    {
        using var server = new ScriptedServer(Reply.Error(429).With("x-ratelimit-reset", "40"), Reply.Error(429).With("x-ratelimit-reset", "40"), Reply.Of(200));
        var time = new WaitlessTime();
        using LlmObsClient client = TestClient.For(server, 1, time);
        await TestClient.FailAsync(client, TestClient.Update);
        await TestClient.SendAsync(client, TestClient.Push);
        Assert.InRange(Assert.Single(time.Waits).TotalSeconds, 40, 40.25);
        await TestClient.SendAsync(client, TestClient.Update);
        Assert.InRange(time.Waits[1].TotalSeconds, 39, 41);
        await TestClient.SendAsync(client, TestClient.Update);
        Assert.Equal(2, time.Waits.Count);
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public void Without_a_header_the_ceiling_doubles_up_to_thirty_seconds_and_the_wait_is_drawn_below_it()
    {
        double[] ceilings = [0.5, 1, 2, 4, 8, 16, 30, 30, 30];
        for (int retry = 0; retry < ceilings.Length; retry++)
        {
            Assert.Equal(TimeSpan.FromSeconds(ceilings[retry]), RetryRules.WaitBefore(new HttpAttemptResult(), retry, Start, draw: 1));
            Assert.Equal(TimeSpan.FromSeconds(ceilings[retry] / 4), RetryRules.WaitBefore(new HttpAttemptResult(), retry, Start, draw: 0.25));
            Assert.Equal(TimeSpan.Zero, RetryRules.WaitBefore(new HttpAttemptResult(), retry, Start, draw: 0));
        }

        Assert.Equal(TimeSpan.FromSeconds(30), RetryRules.WaitBefore(new HttpAttemptResult(), 1_000_000, Start, draw: 1));
    }

    [Fact]
    public async Task Without_a_header_each_wait_of_a_call_stays_below_its_ceiling()
    {
        using var server = new ScriptedServer(Reply.Error(500));
        using LlmObsClient client = TestClient.For(server, 8);
        var log = new AttemptLog();
        await TestClient.FailAsync(client, TestClient.Update, log);
        double[] ceilings = [0.5, 1, 2, 4, 8, 16, 30, 30];
        Assert.All(log.Attempts.SkipLast(1), (attempt, index) => Assert.InRange(attempt.RetryAfter!.Value.TotalSeconds, 0, ceilings[index]));
        Assert.True(log.Attempts.SkipLast(1).Distinct().Count() > 1);
    }

    private static async Task<TimeSpan> FirstWaitAsync(string[] headers)
    {
        Reply reply = headers.Aggregate(Reply.Error(429), (sum, header) => sum.With(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 2)..]));
        using var server = new ScriptedServer(reply, Reply.Of(200));
        using LlmObsClient client = TestClient.For(server, 1);
        var log = new AttemptLog();
        await TestClient.SendAsync(client, TestClient.Update, log);
        return log.Attempts[0].RetryAfter!.Value;
    }
}
