namespace LlmObs.Client.Tests;

public sealed class BackPressureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_producer_waits_when_the_service_is_slow(int throttle)
    {
        var gate = new TaskCompletionSource();
        using var server = new ScriptedServer(Reply.Accepted.After(gate.Task));
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = throttle });

        // As many requests under way as allowed, and as many waiting in the queue.
        for (int number = 0; number < throttle; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        await Wait.UntilAsync(() => server.Requests.Count >= throttle);

        for (int number = throttle; number < 2 * throttle; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        Task blocked = upload.AddAsync(Upload.Metric(2 * throttle));
        Assert.False(blocked.IsCompleted);
        Assert.Equal(throttle, server.Requests.Count);
        gate.SetResult();
        await blocked;
        Assert.Equal((2 * throttle) + 1, (await upload.CompleteAsync()).MetricCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task No_more_requests_are_under_way_than_asked_for(int throttle)
    {
        int underWay = 0;
        int most = 0;
        var full = new TaskCompletionSource();
        using var server = new ScriptedServer((_, _) =>
        {
            lock (full)
            {
                most = Math.Max(most, ++underWay);
                if (most == throttle)
                {
                    full.TrySetResult();
                }
            }

            return Reply.Accepted.After(FinishAsync());
        });

        async Task FinishAsync()
        {
            await full.Task; // the first ones wait for each other: that many are under way at once
            await Task.Yield();
            lock (full)
            {
                underWay--;
            }
        }

        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = throttle });
        for (int number = 0; number < 60; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        SendResult result = await upload.CompleteAsync();
        Assert.Equal(60, result.MetricCount);
        Assert.Equal(throttle, most);
        Assert.InRange(server.Connections, 1, throttle);
    }

    [Fact]
    public async Task A_wait_for_room_can_be_cancelled()
    {
        using var server = new ScriptedServer(Reply.Never);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 });
        await upload.AddAsync(Upload.Metric(0));
        await Wait.UntilAsync(() => server.Requests.Count >= 1);

        await upload.AddAsync(Upload.Metric(1));
        using var stop = new CancellationTokenSource();
        using ReadyBatch batch = upload.Stream.Add(Upload.Metric(2), EventKind.Metric)!;
        ValueTask waiting = upload.Sender.EnqueueAsync(batch, stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }

    [Fact]
    public async Task Disposing_ends_requests_under_way_and_drops_what_is_queued()
    {
        using var server = new ScriptedServer(Reply.Never);
        using LlmObsClient client = TestClient.For(server, retries: 5);
        var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 2 });
        for (int number = 0; number < 4; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        await Wait.UntilAsync(() => server.Requests.Count >= 2);

        await upload.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(upload.Log.Failures);
    }

    [Fact]
    public async Task An_observer_that_fails_blocks_nobody()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions { BatchSize = 1 });
        await using var sender = new EventSender(client, new SendOptions { ThrottleLimit = 1 }, new FailingObserver());
        async Task SendAllAsync()
        {
            for (int number = 0; number < 10; number++)
            {
                await sender.EnqueueAsync(stream.Add(Upload.Metric(number), EventKind.Metric)!, CancellationToken.None);
            }

            await sender.CompleteAsync(CancellationToken.None);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => SendAllAsync().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Single(server.Requests);
    }

    private sealed class FailingObserver : IEventObserver
    {
        public void OnAttempt(HttpAttemptInfo attempt) => throw new NotSupportedException("observer");

        public void OnFailing() => throw new NotSupportedException("observer");

        public void OnFailed(UndeliveredEvents events) => throw new NotSupportedException("observer");
    }
}
