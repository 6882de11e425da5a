namespace LlmObs.Bench.Sink;

/// <summary>
/// Counts events in a body that comes in pieces, without parsing it: each span and each metric has exactly one member
/// <c>span_id</c>, and a quote inside of text is escaped, so that these bytes are never part of a value.
/// </summary>
internal sealed class EventCounter
{
    private const int Overlap = 9; // one byte less than the mark

    private readonly byte[] _tail = new byte[Overlap];
    private int _tailLength;

    public long Count { get; private set; }

    private static ReadOnlySpan<byte> Mark => "\"span_id\":"u8;

    public void Reset()
    {
        Count = 0;
        _tailLength = 0;
    }

    public void Take(ReadOnlySpan<byte> piece)
    {
        Span<byte> seam = stackalloc byte[2 * Overlap];
        _tail.AsSpan(0, _tailLength).CopyTo(seam);
        int head = Math.Min(Overlap, piece.Length);
        piece[..head].CopyTo(seam[_tailLength..]);
        seam = seam[..(_tailLength + head)];
        Count += seam.Count(Mark) + piece.Count(Mark);

        ReadOnlySpan<byte> end = piece.Length >= Overlap ? piece : seam;
        end = end[Math.Max(0, end.Length - Overlap)..];
        end.CopyTo(_tail);
        _tailLength = end.Length;
    }
}
