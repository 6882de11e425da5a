using System.Net;

namespace LlmObs.Client;

/// <summary>The request body for a stretch of a batch: the pieces of its buffers between a few fixed words.</summary>
internal sealed class EventBody
{
    private readonly List<ReadOnlyMemory<byte>> pieces = [];

    /// <param name="batch">The batch.</param>
    /// <param name="first">The first event.</param>
    /// <param name="count">How many.</param>
    /// <param name="type">The word for <c>data.type</c>.</param>
    public EventBody(EventBatch batch, int first, int count, ReadOnlyMemory<byte> type)
    {
        pieces.Add("{\"data\":{\"type\":\""u8.ToArray());
        pieces.Add(type);
        pieces.Add("\",\"attributes\":{"u8.ToArray());
        SpanCount = AddList(batch, first, count, EventKind.Span, "\"spans\":["u8);
        if (SpanCount > 0 && SpanCount < count)
        {
            pieces.Add(","u8.ToArray());
        }

        MetricCount = AddList(batch, first, count, EventKind.Metric, "\"metrics\":["u8);
        pieces.Add("}}}"u8.ToArray());
        Length = pieces.Sum(piece => (long)piece.Length);
    }

    public int SpanCount { get; }

    public int MetricCount { get; }

    public long Length { get; }

    public HttpContent ToContent() => new PiecesContent(this);

    /// <summary>The first bytes of the body, for people to look at.</summary>
    public byte[] Head(int most)
    {
        var head = new MemoryStream();
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            head.Write(piece.Span[..(int)Math.Min(piece.Length, most - head.Length)]);
        }

        return head.ToArray();
    }

    private int AddList(EventBatch batch, int first, int count, EventKind kind, ReadOnlySpan<byte> opening)
    {
        int found = 0;
        int start = 0;
        int end = 0;
        for (int index = first; index < first + count; index++)
        {
            EventSlice slice = batch.Events[index];
            if (slice.Kind == kind)
            {
                start = found++ == 0 ? slice.Start : start;
                end = slice.End;
            }
        }

        if (found > 0)
        {
            pieces.Add(opening.ToArray());
            pieces.Add(batch.Buffer(kind)[start..end]);
            pieces.Add("]"u8.ToArray());
        }

        return found;
    }

    private sealed class PiecesContent(EventBody body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            foreach (ReadOnlyMemory<byte> piece in body.pieces)
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
