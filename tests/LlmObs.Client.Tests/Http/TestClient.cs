using System.Net;
using System.Net.Sockets;

namespace LlmObs.Client.Tests;

/// <summary>Clients as the tests need them, and the four operations by name.</summary>
internal static class TestClient
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Push = "push";
    public const string Aggregate = "aggregate";

    // A proxy of the machine that the tests run on is no part of what they promise.
    static TestClient() => HttpClient.DefaultProxy = new WebProxy();

    public static readonly ExperimentDraft Draft = new() { Name = "n", ProjectId = "p" };

    public static LlmObsClient For(Uri address, int retries = 0, TimeProvider? time = null, Uri? proxy = null) => new(new ClientOptions
    {
        BaseUri = address,
        MaxRetryCount = retries,
        Time = time ?? new WaitlessTime(),
        Timeout = WaitlessTime.Limit,
        Proxy = proxy,
    });

    public static LlmObsClient For(ScriptedServer server, int retries = 0, TimeProvider? time = null) => For(server.Address, retries, time);

    /// <summary>Sends one request of an operation; what it fails with comes out, for events as it was reported.</summary>
    public static async Task SendAsync(LlmObsClient client, string operation, AttemptLog? log = null, CancellationToken cancellation = default)
    {
        switch (operation)
        {
            case Create:
                await client.CreateExperiment(Draft).SendAsync(log, cancellation);
                break;
            case Update:
                await client.UpdateExperiment("e1", new ExperimentPatch { Name = "x" }).SendAsync(log, cancellation);
                break;
            case Aggregate:
                await client.Aggregate(new AggregateQuery { Compute = [new AggregateCompute("score_value")] }).SendAsync(log, cancellation);
                break;
            default:
                await PushOneAsync(client, log ?? new AttemptLog());
                break;
        }
    }

    public static async Task<LlmObsException> FailAsync(LlmObsClient client, string operation = Update, AttemptLog? log = null) =>
        await Assert.ThrowsAsync<LlmObsException>(() => SendAsync(client, operation, log));

    /// <summary>A loopback address that nothing listens on.</summary>
    public static Uri ClosedPort(string scheme = "http")
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return new Uri($"{scheme}://127.0.0.1:{port}/");
    }

    private static async Task PushOneAsync(LlmObsClient client, AttemptLog log)
    {
        using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions());
        await using var sender = new EventSender(client, new SendOptions { ThrottleLimit = 1 }, log);
        var metric = new Metric { SpanId = "s", Label = "l", MetricType = MetricType.Score, ScoreValue = 1, TimestampMs = 1_772_600_000_000 };
        stream.Add(new MetricRow(metric, new RowPlace(null, 1), value => value), EventKind.Metric);
        await sender.EnqueueAsync(stream.Flush()!, CancellationToken.None);
        await sender.CompleteAsync(CancellationToken.None);
        if (log.Failures is [UndeliveredEvents failed, ..])
        {
            throw failed.Failure;
        }
    }
}
