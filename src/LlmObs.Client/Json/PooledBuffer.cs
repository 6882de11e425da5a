using System.Buffers;
using System.Runtime.CompilerServices;

namespace LlmObs.Client.Json;

/// <summary>A growing buffer on rented arrays, whose last bytes can be removed again.</summary>
/// <param name="expected">The bytes that it is likely to hold: it is copied as it grows beyond them.</param>
internal sealed class PooledBuffer(int expected = 0) : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, expected));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_array.Length - Length < Math.Max(sizeHint, 1))
        {
            Reserve(sizeHint);
        }

        return _array.AsSpan(Length);
    }

    public void TruncateTo(int length) => Length = length;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        Length = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // rare, and each caller would carry its code
    private void Reserve(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (needed > _array.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _array.Length * 2));
            Written.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
    }
}
