namespace LlmObs.Client.Tests;

public sealed class TooLargeTests
{
    [Fact]
    public async Task A_413_halves_the_batch_until_it_fits_and_the_limit_is_remembered()
    {
        const int Limit = 1500;
        using var server = new ScriptedServer((request, _) => request.Body.Length > Limit ? Reply.Error(413) : Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 64, ThrottleLimit = 1 });
        for (int number = 0; number < 64; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        // The producer learns of the limit once the first batch is answered.
        await Wait.UntilAsync(() => server.Requests.Count(request => request.Body.Length <= Limit) >= 64 / 8);

        int learnt = server.Requests.Count;
        for (int number = 64; number < 256; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        SendResult result = await upload.CompleteAsync();
        Assert.Equal(Enumerable.Range(0, 256), Accepted(server, Limit).SelectMany(request => Upload.Numbers(request.Text)));
        Assert.All(server.Requests.Skip(learnt), request => Assert.InRange(request.Body.Length, 0, Limit));
        Assert.Equal((256, 0, server.Requests.Count), (result.MetricCount, result.FailedCount, result.RequestCount));
        Assert.Equal(Accepted(server, Limit).Sum(request => (long)request.Body.Length), result.ByteCount);
        Assert.Empty(upload.Log.Failures);
    }

    [Fact]
    public async Task A_single_event_that_is_too_large_is_one_failure_and_the_others_arrive()
    {
        const int Limit = 1500;
        using var server = new ScriptedServer((request, _) => request.Body.Length > Limit ? Reply.Error(413, "too big") : Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        for (int number = 0; number < 7; number++)
        {
            await upload.AddAsync(Upload.Metric(number, number == 3 ? 3000 : 0));
        }

        SendResult result = await upload.CompleteAsync();
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal(FailureKind.PayloadTooLarge, failed.Failure.Kind);
        Assert.Contains("too big", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Equal((4L, 4L), (failed.First.Row, failed.Last.Row));
        Assert.Contains("\"label\":\"3\"", Assert.Single(failed.Json), StringComparison.Ordinal);
        Assert.Equal((6, 1), (result.MetricCount, result.FailedCount));
        Assert.Equal([0, 1, 2, 4, 5, 6], Accepted(server, Limit).SelectMany(request => Upload.Numbers(request.Text)).Order());
    }

    [Fact]
    public async Task A_service_to_which_everything_is_too_large_is_not_sent_event_by_event()
    {
        using var server = new ScriptedServer(Reply.Error(413, "too big"));
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        for (int number = 0; number < 20_000; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        SendResult result = await upload.CompleteAsync();
        Assert.InRange(server.Requests.Count, 20, 320);
        Assert.Equal((0, 20_000), (result.MetricCount, result.FailedCount));
        Assert.All(upload.Log.Failures, failed => Assert.Equal(FailureKind.PayloadTooLarge, failed.Failure.Kind));
        Assert.Equal(20_000, upload.Log.Failures.SelectMany(failed => failed.Json).Distinct().Count());
    }

    private static RecordedRequest[] Accepted(ScriptedServer server, int limit) => [.. server.Requests.Where(request => request.Body.Length <= limit)];
}
