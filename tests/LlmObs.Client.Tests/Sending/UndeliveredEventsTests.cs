using System.Text;

namespace LlmObs.Client.Tests;

public sealed class UndeliveredEventsTests
{
    [Theory]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    public async Task A_dead_end_is_walked_into_once_and_every_event_is_reported_so_that_it_can_be_sent_again(int status, FailureKind kind)
    {
        using var server = new ScriptedServer(Reply.Error(status));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 3, ThrottleLimit = 1 });
        for (int number = 0; number < 10; number++)
        {
            await upload.AddAsync(number % 2 == 0 ? Upload.Metric(number) : Upload.Span(number), number % 2 == 0 ? EventKind.Metric : EventKind.Span);
        }

        SendResult result = await upload.CompleteAsync();
        Assert.Single(server.Requests);
        Assert.Equal((0, 0, 10, 1, 0), (result.SpanCount, result.MetricCount, result.FailedCount, result.RequestCount, result.ByteCount));
        UndeliveredEvents only = Assert.Single(upload.Log.Failures);
        Assert.Equal((kind, "e1"), (only.Failure.Kind, only.ExperimentId));
        Assert.Equal((1L, 10L, 10, 7), (only.First.Row, only.Last.Row, only.Count, only.UntriedCount));
        Assert.Contains("is not tried", Assert.Single(upload.Log.Troubles), StringComparison.Ordinal);

        var again = new WrittenRows(new EventDefaults());
        var reader = new JsonEventReader(again, null);
        foreach (string json in upload.Log.Failures.SelectMany(failed => failed.Json))
        {
            reader.ReadText(Encoding.UTF8.GetBytes(json), default);
        }

        Assert.Empty(again.Problems);
        Assert.Equal(upload.Log.Failures.SelectMany(failed => failed.Json), again.Events);
        Assert.Equal(10, again.Events.Count);
    }

    [Fact]
    public async Task A_dead_end_of_one_experiment_does_not_stop_another()
    {
        using var server = new ScriptedServer((request, _) => request.Target.Contains("/gone/", StringComparison.Ordinal) ? Reply.Error(404) : Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        using var gone = new EventBatcher(client, "gone", new EventDefaults(), new SendOptions { BatchSize = 1 });
        await upload.Sender.EnqueueAsync(gone.Add(Upload.Metric(0), EventKind.Metric)!, CancellationToken.None);
        await upload.Sender.EnqueueAsync(gone.Add(Upload.Metric(1), EventKind.Metric)!, CancellationToken.None);
        await upload.AddAsync(Upload.Metric(2));
        SendResult result = await upload.CompleteAsync();
        Assert.Equal((1, 0), (result.MetricCount, result.FailedCount));
        Assert.Equal((0, 2, 1), (gone.Result().MetricCount, gone.Result().FailedCount, gone.Result().RequestCount));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_batch_that_fails_is_reported_and_the_next_ones_go_on()
    {
        using var server = new ScriptedServer(Reply.Accepted, Reply.Error(500), Reply.Error(500), Reply.Accepted);
        using LlmObsClient client = TestClient.For(server, retries: 1);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 2, ThrottleLimit = 1 });
        for (int number = 0; number < 6; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        SendResult result = await upload.CompleteAsync();
        Assert.Equal((4, 2, 3, 1), (result.MetricCount, result.FailedCount, result.RequestCount, result.RetryCount));
        UndeliveredEvents failed = Assert.Single(upload.Log.Failures);
        Assert.Equal((3L, 4L, 2), (failed.First.Row, failed.Last.Row, failed.Json.Count));
        Assert.Equal("f.csv row 3", failed.First.ToString());
        Assert.Equal(2, failed.Failure.Attempts);
    }
}
