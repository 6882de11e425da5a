using System.Globalization;

namespace LlmObs.Emulator.Http;

/// <summary>A body in chunks.</summary>
/// <param name="input">The connection.</param>
internal sealed class ChunkedBody(ConnectionInput input) : BodySource
{
    private const int MaxTrailers = 100;

    private long _left;
    private bool _begun;
    private bool _finished;

    public override long? Length => null;

    public override bool IsFinished => _finished;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation)
    {
        if (_left == 0 && !_finished)
        {
            await BeginChunkAsync(cancellation).ConfigureAwait(false);
        }

        if (_finished)
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

    private async ValueTask BeginChunkAsync(CancellationToken cancellation)
    {
        if (_begun && (await input.ReadLineAsync(cancellation).ConfigureAwait(false)).Length > 0)
        {
            throw new InvalidDataException("A chunk is longer than it says.");
        }

        _begun = true;
        string line = await input.ReadLineAsync(cancellation).ConfigureAwait(false);
        int end = line.IndexOf(';', StringComparison.Ordinal);
        string size = (end < 0 ? line : line[..end]).Trim();
        if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int length) || length < 0)
        {
            throw new InvalidDataException("The size of a chunk is not a hexadecimal number.");
        }

        _left = length;
        if (length == 0)
        {
            await SkipTrailersAsync(cancellation).ConfigureAwait(false);
            _finished = true;
        }
    }

    private async ValueTask SkipTrailersAsync(CancellationToken cancellation)
    {
        for (int count = 0; count < MaxTrailers; count++)
        {
            if ((await input.ReadLineAsync(cancellation).ConfigureAwait(false)).Length == 0)
            {
                return;
            }
        }

        throw new InvalidDataException("The chunked body has too many trailers.");
    }
}
