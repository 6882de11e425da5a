namespace LlmObs.Client.Tests;

public sealed class RetryTests
{
    private const int Retries = 3;

    public static TheoryData<string, int, bool> Statuses
    {
        get
        {
            var rows = new TheoryData<string, int, bool>();
            foreach (string operation in (string[])[TestClient.Create, TestClient.Update, TestClient.Push, TestClient.Aggregate])
            {
                foreach (int status in (int[])[400, 401, 403, 404, 409, 413, 418, 422, 301])
                {
                    rows.Add(operation, status, false);
                }

                foreach (int status in (int[])[408, 500, 502, 503, 504])
                {
                    rows.Add(operation, status, operation != TestClient.Create);
                }

                rows.Add(operation, 429, true);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_status_is_tried_again_only_where_that_helps_and_does_no_harm(string operation, int status, bool again)
    {
        using var server = new ScriptedServer(Reply.Error(status));
        using LlmObsClient client = TestClient.For(server, Retries);
        var log = new AttemptLog();
        LlmObsException failure = await TestClient.FailAsync(client, operation, log);
        int attempts = again ? 1 + Retries : 1;

        // A refused event request is sent once more under the other word for its type.
        bool otherWord = operation == TestClient.Push && status is 400 or 409;
        Assert.Equal(operation == TestClient.Push && otherWord ? 2 : attempts, server.Requests.Count);
        Assert.Equal(attempts, failure.Attempts);
        Assert.Equal(attempts > 1, failure.Message.Contains($"after {attempts} attempts", StringComparison.Ordinal));
        Assert.All(server.Requests, request => Assert.True(otherWord || request.Text == server.Requests[0].Text));
    }

    [Theory]
    [InlineData(TestClient.Create, 1)]
    [InlineData(TestClient.Update, 1 + Retries)]
    [InlineData(TestClient.Push, 1 + Retries)]
    [InlineData(TestClient.Aggregate, 1 + Retries)]
    public async Task A_lost_connection_is_tried_again_but_for_a_creation_that_may_have_landed(string operation, int attempts)
    {
        using var server = new ScriptedServer(Reply.Cut);
        using LlmObsClient client = TestClient.For(server, Retries);
        Assert.Equal(attempts, (await TestClient.FailAsync(client, operation)).Attempts);
        Assert.Equal(attempts, server.Requests.Count);
    }

    [Theory]
    [InlineData(TestClient.Create, 1)]
    [InlineData(TestClient.Update, 1 + Retries)]
    [InlineData(TestClient.Push, 1 + Retries)]
    [InlineData(TestClient.Aggregate, 1 + Retries)]
    public async Task A_timeout_is_tried_again_but_for_a_creation_that_may_have_landed(string operation, int attempts)
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer((_, _) =>
        {
            time.ExpireLimits();
            return Reply.Never;
        });
        using LlmObsClient client = TestClient.For(server, Retries, time);
        Assert.Equal(attempts, (await TestClient.FailAsync(client, operation)).Attempts);
        Assert.Equal(attempts, server.Requests.Count);
    }

    [Theory]
    [InlineData(TestClient.Create)]
    [InlineData(TestClient.Update)]
    [InlineData(TestClient.Push)]
    [InlineData(TestClient.Aggregate)]
    public async Task What_reached_no_service_is_tried_again_by_every_operation(string operation)
    {
        using LlmObsClient refused = TestClient.For(TestClient.ClosedPort(), Retries);
        using LlmObsClient unknown = TestClient.For(new Uri("https://llmobs.invalid/"), Retries);
        using LlmObsClient proxied = TestClient.For(new Uri("https://llmobs.invalid/"), Retries, proxy: TestClient.ClosedPort());
        Assert.Equal(1 + Retries, (await TestClient.FailAsync(refused, operation)).Attempts);
        Assert.Equal(1 + Retries, (await TestClient.FailAsync(unknown, operation)).Attempts);
        Assert.Equal(1 + Retries, (await TestClient.FailAsync(proxied, operation)).Attempts);
    }

    [Fact]
    public async Task A_later_attempt_that_succeeds_is_the_answer_and_each_attempt_is_told()
    {
        using var server = new ScriptedServer(Reply.Error(503).With("Retry-After", "3"), Reply.Error(429).With("x-ratelimit-reset", "7"), Reply.Of(200));
        var time = new WaitlessTime();
        using LlmObsClient client = TestClient.For(server, 5, time);
        var log = new AttemptLog();
        await TestClient.SendAsync(client, TestClient.Update, log);
        Assert.Equal([1, 2, 3], log.Attempts.Select(attempt => attempt.Number));
        Assert.Equal([503, 429, 200], log.Attempts.Select(attempt => attempt.StatusCode));
        Assert.Equal([FailureKind.ServerError, FailureKind.RateLimited, null], log.Attempts.Select(attempt => attempt.Failure));
        Assert.Equal(time.Waits.Select(InMilliseconds), log.Attempts.SkipLast(1).Select(attempt => InMilliseconds(attempt.RetryAfter!.Value)));
        Assert.Null(log.Attempts[2].RetryAfter);
        Assert.All(log.Attempts, attempt => Assert.Equal(("PATCH", "/api/v2/llm-obs/v1/experiments/e1"), (attempt.Method, attempt.Path)));
        Assert.Contains("-> 429 RateLimited in 0 ms; again in 7.", log.Attempts[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_retries_nothing_is_tried_again()
    {
        using var server = new ScriptedServer(Reply.Error(503));
        using LlmObsClient client = TestClient.For(server, retries: 0);
        var log = new AttemptLog();
        Assert.Equal(1, (await TestClient.FailAsync(client, TestClient.Update, log)).Attempts);
        Assert.Null(Assert.Single(log.Attempts).RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_at_once()
    {
        using var stop = new CancellationTokenSource();
        var time = new WaitlessTime { OnWait = stop.Cancel };
        using var server = new ScriptedServer(Reply.Error(429).With("Retry-After", "60"));
        using LlmObsClient client = TestClient.For(server, 5, time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestClient.SendAsync(client, TestClient.Update, cancellation: stop.Token));
        Assert.Single(time.Waits);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(59)]
    [InlineData(50)]
    [InlineData(3000)]
    public async Task The_waits_of_one_call_add_up_to_five_minutes_at_most(int reset)
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Error(429).With("x-ratelimit-reset", $"{reset}"));
        using LlmObsClient client = TestClient.For(server, 50, time);
        LlmObsException failure = await TestClient.FailAsync(client, TestClient.Update);
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(60)));
        TimeSpan all = time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait);
        Assert.InRange(all, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.Equal(failure.Attempts, server.Requests.Count);
    }

    // Timers count in milliseconds.
    private static long InMilliseconds(TimeSpan wait) => (long)wait.TotalMilliseconds;
}
