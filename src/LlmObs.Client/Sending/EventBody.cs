using System.Net;

namespace LlmObs.Client.Sending;

/// <summary>The request body for some events of a batch: the pieces of its buffers between a few fixed words.</summary>
internal sealed class EventBody
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <param name="type">The word for <c>data.type</c>.</param>
    public EventBody(BatchSlice events, ReadOnlyMemory<byte> type)
    {
        _pieces.Add("{\"data\":{\"type\":\""u8.ToArray());
        _pieces.Add(type);
        _pieces.Add("\",\"attributes\":{"u8.ToArray());
        SpanCount = AddList(events, EventKind.Span, "\"spans\":["u8);
        if (SpanCount > 0 && SpanCount < events.Count)
        {
            _pieces.Add(","u8.ToArray());
        }

        MetricCount = AddList(events, EventKind.Metric, "\"metrics\":["u8);
        _pieces.Add("}}}"u8.ToArray());
        foreach (ReadOnlyMemory<byte> piece in _pieces)
        {
            Length += piece.Length;
        }
    }

    public int SpanCount { get; }

    public int MetricCount { get; }

    public long Length { get; }

    public HttpContent ToContent() => new PiecesContent(this);

    /// <summary>The first bytes of the body, for people to look at.</summary>
    public byte[] Head(int most)
    {
        var head = new MemoryStream();
        foreach (ReadOnlyMemory<byte> piece in _pieces)
        {
            head.Write(piece.Span[..(int)Math.Min(piece.Length, most - head.Length)]);
        }

        return head.ToArray();
    }

    /// <summary>Neighbours in a buffer are one piece, the comma between them included.</summary>
    private int AddList(BatchSlice events, EventKind kind, ReadOnlySpan<byte> opening)
    {
        int found = 0;
        int start = 0;
        int end = 0;
        for (int position = 0; position < events.Count; position++)
        {
            EventSlice slice = events.Event(position);
            if (slice.Kind != kind)
            {
                continue;
            }

            if (found++ == 0)
            {
                _pieces.Add(opening.ToArray());
                start = slice.Start;
            }
            else if (slice.Start != end + 1)
            {
                _pieces.Add(events.Batch.Buffer(kind)[start..end]);
                _pieces.Add(","u8.ToArray());
                start = slice.Start;
            }

            end = slice.End;
        }

        if (found > 0)
        {
            _pieces.Add(events.Batch.Buffer(kind)[start..end]);
            _pieces.Add("]"u8.ToArray());
        }

        return found;
    }

    private sealed class PiecesContent(EventBody body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            foreach (ReadOnlyMemory<byte> piece in body._pieces)
            {
                await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
