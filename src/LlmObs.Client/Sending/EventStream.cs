using System.Runtime.CompilerServices;

namespace LlmObs.Client.Sending;

/// <summary>The events of one experiment on their way into batches, and the count of what became of them.</summary>
public sealed class EventStream : IDisposable
{
    private const int BodyOverhead = 128; // what stands around the events in a request

    private readonly SendOptions options;
    private readonly EventWriter writer;
    private readonly TimeProvider time;
    private EventBatch building = new();
    private volatile int maxBytes; // written by senders, read where batches are made

    /// <summary>Opens a stream.</summary>
    /// <param name="client">Whose clock and whose way of writing values is used.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="defaults">What rows need not say themselves.</param>
    /// <param name="options">How batches are made.</param>
    public EventStream(LlmObsClient client, string experimentId, EventDefaults defaults, SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Path = LlmObsClient.EventsPath(experimentId);
        ExperimentId = experimentId;
        this.options = options;
        time = client.Options.Time;
        writer = new EventWriter(defaults, client.Options.FreeForm, time, Doubts, experimentId);
        Tally = new EventTally(time);
        MaxBytes = options.MaxBatchBytes;
    }

    /// <summary>The experiment.</summary>
    public string ExperimentId { get; }

    /// <summary>What of its events the service may refuse.</summary>
    public EventDoubts Doubts { get; } = new();

    internal string Path { get; }

    internal EventTally Tally { get; }

    /// <summary>The most bytes of a body; a 413 makes it smaller for the rest of the stream.</summary>
    internal int MaxBytes
    {
        get => maxBytes;
        set => maxBytes = value;
    }

    /// <summary>What was learnt of the service by sending.</summary>
    internal DeliveryState Delivery { get; } = new();

    /// <summary>Where requests are kept until they are answered; null for nowhere.</summary>
    public SpoolRun? Spool { get; private set; }

    /// <summary>How many events are still to be left out, because they stand in requests of the spool.</summary>
    private long Skip { get; set; }

    /// <summary>Keeps every request on disk until it is answered.</summary>
    /// <param name="run">Where. The events that it counts already are left out when they come again.</param>
    public void KeepIn(SpoolRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Spool = run;
        Skip = run.Record?.EventCount ?? 0;
    }

    /// <summary>Takes a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="kind">What it is, where that is known; null to see it from its fields.</param>
    /// <returns>A batch that this row has completed, to be sent; else null.</returns>
    /// <exception cref="EventRowException">The row can't be sent; it is counted as failed.</exception>
    [MethodImpl(HotPath.Compiled)]
    public ReadyBatch? Add(EventRow row, EventKind? kind)
    {
        Tally.Start();
        try
        {
            building.Add(writer, row, kind ?? writer.KindOf(row));
        }
        catch (EventRowException)
        {
            Tally.Failed(1);
            throw;
        }

        if (Skip > 0)
        {
            Skip--;
            building.RemoveLast();
            return null;
        }

        if (building.Count > 1 && building.Bytes + BodyOverhead > MaxBytes)
        {
            var next = new EventBatch();
            building.MoveLastTo(next);
            (EventBatch full, building) = (building, next);
            return new ReadyBatch(this, full);
        }

        return building.Count >= options.BatchSize || building.Bytes + BodyOverhead > MaxBytes ? Flush() : null;
    }

    /// <summary>Counts a row that could not even be read.</summary>
    public void CountFailure()
    {
        Tally.Start();
        Tally.Failed(1);
    }

    /// <summary>What has been gathered so far.</summary>
    /// <returns>A batch to be sent; null where there is none.</returns>
    public ReadyBatch? Flush()
    {
        if (building.Count == 0)
        {
            return null;
        }

        (EventBatch full, building) = (building, new EventBatch());
        return new ReadyBatch(this, full);
    }

    /// <summary>What has become of the events so far.</summary>
    /// <returns>The counts.</returns>
    public SendResult Result() => Tally.ToResult(ExperimentId);

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        writer.Dispose();
        building.Dispose();
        Spool?.Dispose();
    }
}
