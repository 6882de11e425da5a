namespace LlmObs.Emulator.Http;

/// <summary>A body of a known length.</summary>
/// <param name="input">The connection.</param>
/// <param name="length">The length in bytes.</param>
internal sealed class LengthBody(ConnectionInput input, long length) : BodySource
{
    private long _left = length;

    public override long? Length { get; } = length;

    public override bool IsFinished => _left == 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (_left == 0)
        {
            return 0;
        }

        int wanted = (int)Math.Min(target.Length, _left);
        int read = await input.ReadAsync(target[..wanted], cancellation).ConfigureAwait(false);
        if (read == 0)
        {
            throw new EndOfStreamException();
        }

        _left -= read;
        return read;
    }
}
