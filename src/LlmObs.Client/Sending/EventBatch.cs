using System.Runtime.CompilerServices;
using System.Text;

namespace LlmObs.Client.Sending;

/// <summary>
/// The events of one request. Spans and metrics have a buffer each, like the lists of the request. Any
/// selection of them can be a separate request; so a batch that is too large is halved, and a refused one is
/// sent without its bad events.
/// </summary>
/// <param name="before">A batch that this one will be about as large as; null if nothing is known.</param>
internal sealed class EventBatch(EventBatch? before = null) : IDisposable
{
    private readonly PooledBuffer _spans = new(before?._spans.Length ?? 0);
    private readonly PooledBuffer _metrics = new(before?._metrics.Length ?? 0);
    private readonly List<EventSlice> _events = new(before?.Count ?? 0);
    private List<(int Source, int Start)>? _parts;

    public int Count => _events.Count;

    /// <summary>The bytes of all events and their commas.</summary>
    public int Bytes => _spans.Length + _metrics.Length;

    public IReadOnlyList<EventSlice> Events => _events;

    public ReadOnlyMemory<byte> Buffer(EventKind kind) => BufferOf(kind).Written;

    /// <summary>Writes a row as the batch's next event; a row that fails leaves no trace.</summary>
    /// <exception cref="EventRowException">The row can't be sent.</exception>
    [MethodImpl(HotPath.FullyOptimized)]
    public void Add(EventWriter writer, EventRow row, EventKind kind)
    {
        PooledBuffer buffer = BufferOf(kind);
        int before = buffer.Length;
        try
        {
            int start = Begin(buffer);
            writer.Write(row, kind, buffer);
            _events.Add(new EventSlice(kind, start, buffer.Length, row.Place));
        }
        catch
        {
            buffer.TruncateTo(before);
            throw;
        }
    }

    /// <summary>Adds an event that is written already.</summary>
    public void Add(EventKind kind, ReadOnlySpan<byte> json, RowPlace place)
    {
        PooledBuffer buffer = BufferOf(kind);
        int start = Begin(buffer);
        json.CopyTo(buffer.GetSpan(json.Length));
        buffer.Advance(json.Length);
        _events.Add(new EventSlice(kind, start, buffer.Length, place));
    }

    /// <summary>Removes the last event.</summary>
    public void RemoveLast()
    {
        EventSlice last = _events[^1];
        _events.RemoveAt(_events.Count - 1);
        BufferOf(last.Kind).TruncateTo(Math.Max(0, last.Start - 1));
    }

    /// <summary>Moves the last event to another batch.</summary>
    public void MoveLastTo(EventBatch other)
    {
        EventSlice last = _events[^1];
        other.Add(last.Kind, Utf8(_events.Count - 1), last.Place);
        RemoveLast();
    }

    /// <summary>From here on its events are of another file.</summary>
    /// <param name="source">The file's number among those of a spool's run.</param>
    public void BeginPart(int source) => BeginPart(source, Count);

    /// <summary>From an event on they are of another file.</summary>
    public void BeginPart(int source, int start) => (_parts ??= []).Add((source, start));

    /// <summary>The events of each file of a spool's run; events of the pipeline belong to none.</summary>
    public IEnumerable<(int Source, int Start, int Count)> Parts()
    {
        for (int part = 0; part < _parts?.Count; part++)
        {
            int end = part + 1 < _parts.Count ? _parts[part + 1].Start : Count;
            if (_parts[part].Source >= 0)
            {
                yield return (_parts[part].Source, _parts[part].Start, Math.Max(0, end - _parts[part].Start));
            }
        }
    }

    /// <summary>The JSON of an event, in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        EventSlice slice = _events[index];
        return Buffer(slice.Kind).Span[slice.Start..slice.End];
    }

    /// <summary>The JSON of an event, as it was or would have been sent.</summary>
    public string Json(int index) => Encoding.UTF8.GetString(Utf8(index));

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private PooledBuffer BufferOf(EventKind kind) => kind == EventKind.Span ? _spans : _metrics;

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

/// <summary>One event of a batch: the end of its JSON in its buffer, and its row's place.</summary>
/// <param name="Kind">Which buffer.</param>
/// <param name="Start">Its first byte there.</param>
/// <param name="End">One past its last byte; a comma follows, if another event does.</param>
/// <param name="Place">Its row.</param>
internal readonly record struct EventSlice(EventKind Kind, int Start, int End, RowPlace Place);
