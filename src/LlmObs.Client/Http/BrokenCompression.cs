namespace LlmObs.Client.Http;

/// <summary>A body whose gzip, deflate or br can't be undone is lost, as if the connection had broken.</summary>
internal static class BrokenCompression
{
    public static bool Is(Exception e) => e is InvalidDataException or (InvalidOperationException and not ObjectDisposedException); // of brotli

    public static IOException Lost(Exception reason) => new("the compressed body is damaged", reason);
}
