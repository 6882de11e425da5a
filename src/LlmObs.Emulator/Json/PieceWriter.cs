using System.Buffers;

namespace LlmObs.Emulator.Json;

/// <summary>
/// Collects bytes in pieces, none of them moved when more come. An array of 85,000 bytes or more stays until .NET collects
/// everything; one for a page of a list, and those that it grew out of, would be several times what the emulator stores.
/// </summary>
internal sealed class PieceWriter : IBufferWriter<byte>
{
    private const int FirstBytes = 4 * 1024;
    private const int MostBytes = 64 * 1024; // of a piece; a single longer text has one of its own

    private readonly Piece _first = new(FirstBytes, before: null);
    private Piece _last;

    public PieceWriter()
    {
        _last = _first;
    }

    /// <summary>All bytes so far, where they are: valid until more are written.</summary>
    public ReadOnlySequence<byte> Written => new(_first, 0, _last, _last.Length);

    public void Advance(int count) => _last.Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_last.Room.Length < Math.Max(sizeHint, 1))
        {
            _last = new Piece(Math.Max(sizeHint, Math.Min(2 * _last.Length, MostBytes)), _last);
        }

        return _last.Room;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        private readonly byte[] _bytes;

        public Piece(int size, Piece? before)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(size);
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Length;
            }
        }

        /// <summary>The bytes written to it.</summary>
        public int Length
        {
            get => Memory.Length;
            set => Memory = _bytes.AsMemory(0, value);
        }

        public Memory<byte> Room => _bytes.AsMemory(Length);
    }
}
