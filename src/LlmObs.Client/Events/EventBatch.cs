using System.Runtime.CompilerServices;
using System.Text;

namespace LlmObs.Client;

/// <summary>
/// Events that go out in one request. Spans and metrics stand in a buffer each, as the lists of the request will; any
/// stretch of the batch is a request of its own, which is how a batch that is too large is halved.
/// </summary>
internal sealed class EventBatch : IDisposable
{
    private readonly PooledBuffer spans = new();
    private readonly PooledBuffer metrics = new();
    private readonly List<EventSlice> events = [];

    public int Count => events.Count;

    /// <summary>The bytes of all events and their commas.</summary>
    public int Bytes => spans.Length + metrics.Length;

    public IReadOnlyList<EventSlice> Events => events;

    public ReadOnlyMemory<byte> Buffer(EventKind kind) => BufferOf(kind).Written;

    /// <summary>Writes a row as the batch's next event; a row that fails leaves no trace.</summary>
    /// <exception cref="EventRowException">The row can't be sent.</exception>
    [MethodImpl(HotPath.Compiled)]
    public void Add(EventWriter writer, EventRow row, EventKind kind)
    {
        PooledBuffer buffer = BufferOf(kind);
        int before = buffer.Length;
        try
        {
            int start = Begin(buffer);
            writer.Write(row, kind, buffer);
            events.Add(new EventSlice(kind, start, buffer.Length, row.Place));
        }
        catch
        {
            buffer.TruncateTo(before);
            throw;
        }
    }

    /// <summary>Takes the last event out and puts it into another batch.</summary>
    public void MoveLastTo(EventBatch other)
    {
        EventSlice last = events[^1];
        PooledBuffer from = BufferOf(last.Kind);
        PooledBuffer to = other.BufferOf(last.Kind);
        int start = Begin(to);
        ReadOnlySpan<byte> json = from.Written.Span[last.Start..last.End];
        json.CopyTo(to.GetSpan(json.Length));
        to.Advance(json.Length);
        other.events.Add(last with { Start = start, End = to.Length });
        events.RemoveAt(events.Count - 1);
        from.TruncateTo(Math.Max(0, last.Start - 1));
    }

    /// <summary>The JSON of an event, as it was or would have been sent.</summary>
    public string Json(int index)
    {
        EventSlice slice = events[index];
        return Encoding.UTF8.GetString(Buffer(slice.Kind).Span[slice.Start..slice.End]);
    }

    public void Dispose()
    {
        spans.Dispose();
        metrics.Dispose();
    }

    private PooledBuffer BufferOf(EventKind kind) => kind == EventKind.Span ? spans : metrics;

    private static int Begin(PooledBuffer buffer)
    {
        if (buffer.Length > 0)
        {
            buffer.GetSpan(1)[0] = (byte)',';
            buffer.Advance(1);
        }

        return buffer.Length;
    }
}
