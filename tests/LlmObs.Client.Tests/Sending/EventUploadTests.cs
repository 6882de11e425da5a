using System.Collections.Concurrent;

namespace LlmObs.Client.Tests;

/// <summary>An upload as the cmdlets and the runner use it: no PowerShell, rows from any thread, everything else by its listener.</summary>
public sealed class EventUploadTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "llmobs-upload-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Rows_of_several_threads_arrive_once_each_and_those_of_a_thread_in_its_order(int throttle)
    {
        const int Threads = 4;
        const int RowsEach = 300;
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        var listener = new Listener();
        await using var upload = new EventUpload(client, new SendOptions { BatchSize = 7, ThrottleLimit = throttle }, listener);
        upload.Target("e1", new EventDefaults());
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (int row = 0; row < RowsEach; row++)
            {
                Assert.True(upload.Accept(Upload.Metric((thread * RowsEach) + row), EventKind.Metric));
                await upload.CatchUpAsync(CancellationToken.None);
            }
        })));
        upload.Finish();
        await upload.CompleteAsync(CancellationToken.None);
        int[][] requests = [.. server.Requests.Select(request => Upload.Numbers(request.Text))];
        Assert.Equal(Enumerable.Range(0, Threads * RowsEach), requests.SelectMany(numbers => numbers).Order());
        Assert.Equal((Threads * RowsEach / 7) + 1, requests.Length);
        if (throttle == 1)
        {
            Assert.All(Enumerable.Range(0, Threads), thread => Assert.Equal(
                Enumerable.Range(thread * RowsEach, RowsEach), requests.SelectMany(numbers => numbers).Where(number => number / RowsEach == thread)));
        }

        Assert.Equal((Threads * RowsEach, 0), (Assert.Single(upload.Results()).MetricCount, upload.FailedCount));
        Assert.Equal(requests.Length, listener.Batches.Count);
    }

    [Fact]
    public async Task A_spool_keeps_batches_of_several_threads_in_the_order_in_which_they_were_filled()
    {
        using var down = new ScriptedServer(Reply.Error(401));
        using LlmObsClient client = TestClient.For(down);
        var listener = new Listener();
        var spool = new EventSpool(new SpoolFolder(_folder), new SpoolManifest { ExperimentId = string.Empty, Address = string.Empty });
        await using (var upload = new EventUpload(client, new SendOptions { BatchSize = 5, ThrottleLimit = 1 }, listener, spool))
        {
            upload.Target("e1", new EventDefaults());
            upload.Sources.AddPiped();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
            {
                for (int row = 0; row < 50; row++)
                {
                    upload.Accept(Upload.Metric((thread * 50) + row), EventKind.Metric);
                    await upload.CatchUpAsync(CancellationToken.None);
                }
            })));
            upload.Finish();
            await upload.CompleteAsync(CancellationToken.None);
            Assert.Equal(200, upload.FailedCount);
        }

        Assert.Equal(40, spool.CountLeft());
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient later = TestClient.For(server);
        SpoolRun run = new SpoolFolder(_folder).TryOpen(Assert.Single(new SpoolFolder(_folder).Runs()), (_, _) => { })!;
        await using (var resumed = new EventUpload(later, new SendOptions { ThrottleLimit = 1 }, listener))
        {
            resumed.Target("e1", new EventDefaults());
            resumed.KeepIn(run);
            foreach (string request in run.Requests)
            {
                resumed.Resend(resumed.Load(run, request)!);
                await resumed.CatchUpAsync(CancellationToken.None);
            }

            resumed.Finish();
            await resumed.CompleteAsync(CancellationToken.None);
        }

        int[] sent = [.. server.Requests.SelectMany(request => Upload.Numbers(request.Text))];
        Assert.Equal(Enumerable.Range(0, 200), sent.Order());
        Assert.All(Enumerable.Range(0, 4), thread => Assert.Equal(Enumerable.Range(thread * 50, 50), sent.Where(number => number / 50 == thread)));
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task A_spool_on_a_disk_that_stalls_holds_nobody_who_is_stopped()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        var stalled = new ManualResetEventSlim();
        var opened = new SemaphoreSlim(0);
        var disk = new SpoolFolder(_folder, path =>
        {
            if (path.Contains(".000000002", StringComparison.Ordinal))
            {
                opened.Release();
                stalled.Wait();
                throw new IOException("gone"); // so that nothing is written to a folder that the test deletes
            }

            return SpoolFile.CreatePrivate(path);
        });
        var spool = new EventSpool(disk, new SpoolManifest { ExperimentId = string.Empty, Address = string.Empty });
        var upload = new EventUpload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 }, new Listener(), spool);
        upload.Target("e1", new EventDefaults());
        upload.Sources.AddPiped();
        upload.Accept(Upload.Metric(1), EventKind.Metric);
        await upload.CatchUpAsync(CancellationToken.None);
        upload.Accept(Upload.Metric(2), EventKind.Metric);
        using var stop = new CancellationTokenSource();
        Task waiting = upload.CatchUpAsync(stop.Token);
        await opened.WaitAsync();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await upload.DisposeAsync(); // comes back though the disk does not
        stalled.Set();
    }

    [Fact]
    public async Task A_batch_that_cannot_be_kept_is_given_back_and_the_others_are_answered()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        var disk = new SpoolFolder(_folder, path => path.Contains(".000000003", StringComparison.Ordinal) ? throw new IOException("full") : SpoolFile.CreatePrivate(path));
        var spool = new EventSpool(disk, new SpoolManifest { ExperimentId = string.Empty, Address = string.Empty });
        var listener = new Listener();
        await using var upload = new EventUpload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 }, listener, spool);
        upload.Target("e1", new EventDefaults());
        upload.Sources.AddPiped();
        for (int number = 1; number < 5; number++)
        {
            upload.Accept(Upload.Metric(number), EventKind.Metric);
        }

        SpoolException failure = await Assert.ThrowsAsync<SpoolException>(() => upload.CatchUpAsync(CancellationToken.None));
        Assert.Equal([3], Upload.Numbers(failure.Batch!.Preview(10_000)));
        Assert.False(upload.IsBehind);
        await upload.CompleteAsync(CancellationToken.None);
        Assert.Equal([1, 2], server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
        Assert.Equal([1, 2], listener.Kept);
    }

    [Fact]
    public async Task Full_batches_are_held_while_the_senders_have_enough()
    {
        var gate = new TaskCompletionSource();
        using var server = new ScriptedServer(Reply.Accepted.After(gate.Task));
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new EventUpload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 }, new Listener());
        upload.Target("e1", new EventDefaults());
        upload.Accept(Upload.Metric(0), EventKind.Metric);
        await Wait.UntilAsync(() => server.Requests.Count >= 1);

        upload.Accept(Upload.Metric(1), EventKind.Metric);
        Assert.False(upload.IsBehind);
        upload.Accept(Upload.Metric(2), EventKind.Metric);
        upload.Accept(Upload.Metric(3), EventKind.Metric);
        Assert.True(upload.IsBehind);
        using var stop = new CancellationTokenSource();
        Task waiting = upload.CatchUpAsync(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.SetResult();
        await upload.CompleteAsync(CancellationToken.None);
        Assert.False(upload.IsBehind);
        Assert.Equal([0, 1, 2, 3], server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
    }

    [Fact]
    public async Task What_the_listener_does_not_want_is_not_sent_and_is_no_failure()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        var listener = new Listener { Allows = number => number != 2 };
        await using var upload = new EventUpload(client, new SendOptions { BatchSize = 2, ThrottleLimit = 1 }, listener);
        upload.Target("e1", new EventDefaults());
        for (int number = 0; number < 5; number++)
        {
            upload.Accept(Upload.Metric(number), EventKind.Metric);
        }

        upload.Finish();
        await upload.CompleteAsync(CancellationToken.None);
        Assert.Equal([0, 1, 4], server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
        Assert.Equal((3, 0), (Assert.Single(upload.Results()).MetricCount, upload.FailedCount));
    }

    [Fact]
    public async Task Where_nothing_was_wanted_there_is_no_result()
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        await using var upload = new EventUpload(client, new SendOptions(), new Listener { Allows = _ => false });
        upload.Target("e1", new EventDefaults());
        upload.Accept(Upload.Metric(1), EventKind.Metric);
        upload.Finish();
        await upload.CompleteAsync(CancellationToken.None);
        Assert.Empty(upload.Results());
        Assert.False(upload.HasSent);
    }

    [Fact]
    public async Task Rows_that_cannot_be_sent_are_reported_ten_times_and_then_counted()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        var listener = new Listener();
        await using var upload = new EventUpload(client, new SendOptions(), listener);
        upload.Target("e1", new EventDefaults());
        for (int row = 0; row < 15; row++)
        {
            Assert.False(upload.Accept(TableRow.Metric(("label", "l"), ("score_value", "high")), EventKind.Metric));
        }

        upload.Reject(new RowPlace("f.csv", 3), new EventRowException("x", "is torn"), "text");
        upload.Reject(new RowPlace("f.csv", 7), 4, new EventRowException("y", "is missing"));
        upload.Finish();
        await upload.CompleteAsync(CancellationToken.None);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 5], listener.Refused.Select(rows => (int)rows.Count));
        Assert.Equal([false, true], listener.Refused.TakeLast(2).Select(rows => rows.AreRest));
        Assert.Equal(("text", "e1"), (listener.Refused[10].Text, listener.Refused[10].ExperimentId));
        Assert.Equal((0, 20), (Assert.Single(upload.Results()).EventCount, upload.FailedCount));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Each_column_that_is_no_field_is_named_once_a_file()
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        var listener = new Listener();
        await using var upload = new EventUpload(client, new SendOptions(), listener);
        upload.Ignore("a.csv", ["one", "two"]);
        upload.Ignore("a.csv", ["two", "three"]);
        upload.Ignore("b.csv", ["one"]);
        upload.Ignore("a.csv", "four", "is empty");
        upload.Ignore("a.csv", "Four", "is empty");
        Assert.Equal(["a.csv: one two", "a.csv: three", "b.csv: one", "a.csv: four is empty"], listener.Ignored);
    }

    [Fact]
    public async Task Each_experiment_has_its_own_batches_and_counts()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new EventUpload(client, new SendOptions { ThrottleLimit = 1 }, new Listener());
        Assert.False(upload.HasTarget);
        upload.Target("e1", new EventDefaults());
        upload.Accept(Upload.Metric(1), EventKind.Metric);
        upload.Target("e2", new EventDefaults());
        upload.Accept(Upload.Metric(2), EventKind.Metric);
        Assert.Throws<ArgumentException>(() => upload.Target("..", new EventDefaults()));
        Assert.True(upload.IsAt("e2"));
        upload.Target("e1", new EventDefaults());
        upload.Accept(Upload.Metric(3), EventKind.Metric);
        upload.Finish();
        await upload.CompleteAsync(CancellationToken.None);
        Assert.Equal([("e1", 2), ("e2", 1)], upload.Results().Select(result => (result.ExperimentId, (int)result.MetricCount)));
        Assert.Equal([[1, 3], [2]], server.Requests.Select(request => Upload.Numbers(request.Text)));
        Assert.Equal(3, upload.AcceptedCount);
    }

    private sealed class Listener : IUploadListener
    {
        private readonly ConcurrentQueue<RefusedRows> _refused = new();

        public Func<int, bool> Allows { get; init; } = _ => true;

        public ConcurrentQueue<int> Batches { get; } = new();

        public List<string> Ignored { get; } = [];

        public IReadOnlyList<RefusedRows> Refused => [.. _refused];

        public ConcurrentQueue<int> Kept { get; } = new();

        public void OnKept(ReadyBatch batch) => Kept.Enqueue(Upload.Numbers(batch.Preview(100_000))[0]);

        public bool OnBatch(ReadyBatch batch)
        {
            Batches.Enqueue(batch.Count);
            return Allows(Upload.Numbers(batch.Preview(100_000))[0]);
        }

        public void OnRefused(RefusedRows rows) => _refused.Enqueue(rows);

        public void OnIgnored(string? source, IReadOnlyList<string> names) => Ignored.Add($"{source}: {string.Join(' ', names)}");

        public void OnIgnored(string? source, string name, string why) => Ignored.Add($"{source}: {name} {why}");

        public void OnAttempt(HttpAttemptInfo attempt)
        {
        }

        public void OnFailed(UndeliveredEvents events)
        {
        }
    }
}
