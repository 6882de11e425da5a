using System.Text.Json;

namespace LlmObs.Client.Tests;

/// <summary>One experiment's events on their way to a server: rows in, requests out, the result at the end.</summary>
internal sealed class Upload : IAsyncDisposable
{
    private readonly SendOptions _options;

    public Upload(LlmObsClient client, SendOptions? options = null, EventDefaults? defaults = null, string experimentId = "e1")
    {
        _options = options ?? new SendOptions { ThrottleLimit = 1 };
        Stream = new EventBatcher(client, experimentId, defaults ?? new EventDefaults(), _options);
        Sender = new EventSender(client, _options, Log);
    }

    public AttemptLog Log { get; } = new();

    public EventBatcher Stream { get; }

    public EventSender Sender { get; }

    /// <summary>A metric whose label is a number of its own and whose reasoning has a given length.</summary>
    public static MetricRow Metric(int number, int length = 0) => new(
        new Metric
        {
            SpanId = "s", Label = $"{number}", MetricType = MetricType.Boolean, BooleanValue = true, TimestampMs = 1_700_000_000_000,
            Reasoning = new string('r', length),
        },
        new RowPlace("f.csv", number + 1),
        value => value);

    public static SpanRow Span(int number, int length = 0) => new(
        new Span
        {
            SpanId = $"{number}", TraceId = "t", Name = "n", StartNs = 1, DurationNs = 1, ProjectId = "p", DatasetId = "d", Input = new string('i', length),
        },
        new RowPlace("f.csv", number + 1),
        value => value);

    /// <summary>The numbers of the events in a body, metrics after spans.</summary>
    public static int[] Numbers(string body)
    {
        using var document = JsonDocument.Parse(body);
        JsonElement attributes = document.RootElement.GetProperty("data").GetProperty("attributes");
        return [.. Of(attributes, "spans", "span_id"), .. Of(attributes, "metrics", "label")];
    }

    public static string TypeOf(RecordedRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return document.RootElement.GetProperty("data").GetProperty("type").GetString()!;
    }

    public async Task AddAsync(EventRow row, EventKind kind = EventKind.Metric)
    {
        if (Stream.Add(row, kind) is ReadyBatch full)
        {
            await Sender.EnqueueAsync(full, CancellationToken.None);
        }
    }

    public async Task FlushAsync()
    {
        if (Stream.Flush() is ReadyBatch last)
        {
            await Sender.EnqueueAsync(last, CancellationToken.None);
        }
    }

    public async Task<SendResult> CompleteAsync()
    {
        await FlushAsync();
        await Sender.CompleteAsync(CancellationToken.None);
        return Stream.Result();
    }

    public async ValueTask DisposeAsync()
    {
        await Sender.DisposeAsync();
        Stream.Dispose();
    }

    private static IEnumerable<int> Of(JsonElement attributes, string list, string id) => attributes.TryGetProperty(list, out JsonElement events)
        ? events.EnumerateArray().Select(element => int.Parse(element.GetProperty(id).GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToArray()
        : [];
}
