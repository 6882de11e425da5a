namespace LlmObs.Client.Http;

/// <summary>A body whose gzip, deflate or br can't be undone is lost, as if the connection had broken.</summary>
internal static class BrokenCompression
{
    public static bool Is(Exception e) => e is InvalidDataException or (InvalidOperationException and not ObjectDisposedException); // of brotli

    public static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (Is(e))
        {
            throw Lost(e);
        }
    }

    public static IOException Lost(Exception reason) => new("the compressed body is damaged", reason);
}
