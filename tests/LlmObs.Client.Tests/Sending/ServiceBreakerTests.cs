namespace LlmObs.Client.Tests;

/// <summary>A service that is not there is not asked for every batch.</summary>
public sealed class ServiceBreakerTests
{
    public static TheoryData<int> SoftStatuses => new() { 503, 429, 307, 418 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_service_that_was_never_heard_of_is_given_up_once_a_batch_has_used_up_its_retries(int throttle)
    {
        using LlmObsClient client = TestClient.For(TestClient.ClosedPort(), retries: 3);
        (SendResult result, Upload upload) = await SendAsync(client, 200, 2, throttle);
        Assert.InRange(upload.Log.Attempts.Count, 4, 4 * throttle);
        Assert.Equal((0, 200), (result.MetricCount, result.FailedCount));
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal((FailureKind.ConnectionRefused, 200, 1L, 200L), (failed.Failure.Kind, failed.Count, failed.First.Row, failed.Last.Row));
        Assert.InRange(failed.UntriedCount, 200 - (2 * throttle), 198);
        Assert.False(failed.HasGaps);
        Assert.Equal(Enumerable.Range(0, 200), failed.Json.Select(NumberOf));
        Assert.Equal(failed.Json, Enumerable.Range(0, 200).Select(index => failed.Json[index]));
        Assert.Contains("is not tried", Assert.Single(upload.Log.Troubles), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SoftStatuses))]
    public async Task What_the_content_of_one_batch_may_cause_is_believed_of_the_second_batch(int status)
    {
        using var server = new ScriptedServer(Reply.Error(status));
        using LlmObsClient client = TestClient.For(server);
        (_, Upload upload) = await SendAsync(client, 50, 1, throttle: 1);
        Assert.Equal(2, server.Requests.Count);
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal((50, 48), (failed.Count, failed.UntriedCount));
    }

    [Fact]
    public async Task Requests_that_fail_together_are_one_sign()
    {
        int arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer((_, _) =>
        {
            int number = Interlocked.Increment(ref arrived);
            if (number == 4)
            {
                all.SetResult();
            }

            return number <= 4 ? Reply.Error(503).After(all.Task) : Reply.Accepted;
        });
        using LlmObsClient client = TestClient.For(server);
        (SendResult result, _) = await SendAsync(client, 40, 1, throttle: 4);
        Assert.Equal((36, 4), (result.MetricCount, result.FailedCount));
    }

    [Fact]
    public async Task A_service_that_was_there_gets_a_pause_and_what_failed_is_told_once_it_is_back()
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Accepted, Reply.Error(503), Reply.Error(503), Reply.Accepted);
        using LlmObsClient client = TestClient.For(server, time: time);
        (SendResult result, Upload upload) = await SendAsync(client, 10, 1, throttle: 1);
        Assert.Equal((8, 2), (result.MetricCount, result.FailedCount));
        Assert.Equal([TimeSpan.FromSeconds(15)], time.Waits);
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal((2L, 3L, 2, 0), (failed.First.Row, failed.Last.Row, failed.Count, failed.UntriedCount));
        Assert.Contains("pauses", Assert.Single(upload.Log.Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_come_back_is_given_up_after_three_minutes_of_single_trials()
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Accepted, Reply.Error(503));
        using LlmObsClient client = TestClient.For(server, time: time);
        (SendResult result, Upload upload) = await SendAsync(client, 100, 1, throttle: 1);
        Assert.Equal((1, 99), (result.MetricCount, result.FailedCount));
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(15), 12), time.Waits);
        Assert.Equal(1 + 2 + 12, server.Requests.Count);
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal(Enumerable.Range(1, 99), failed.Json.Select(NumberOf));
        Assert.Equal(99 - 14, failed.UntriedCount);
    }

    [Fact]
    public async Task A_service_that_refuses_content_is_there()
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Error(422), Reply.Error(503), Reply.Error(503), Reply.Accepted);
        using LlmObsClient client = TestClient.For(server, time: time);
        (SendResult result, _) = await SendAsync(client, 10, 1, throttle: 1);
        Assert.Equal((7, 3), (result.MetricCount, result.FailedCount));
        Assert.Single(time.Waits);
    }

    private static async Task<(SendResult Result, Upload Upload)> SendAsync(LlmObsClient client, int count, int batchSize, int throttle)
    {
        await using var upload = new Upload(client, new SendOptions { BatchSize = batchSize, ThrottleLimit = throttle });
        for (int number = 0; number < count; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        return (await upload.CompleteAsync(), upload);
    }

    private static int NumberOf(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return int.Parse(document.RootElement.GetProperty("label").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
