namespace LlmObs.Emulator.Http;

/// <summary>A request as it reached the emulator, and how it was answered.</summary>
public sealed record LoggedRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path as it was sent, without its query.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The headers by name, whatever the case. Only well-known harmless headers keep their value; every other one,
    /// <c>DD-API-KEY</c> and <c>DD-APPLICATION-KEY</c> among them, is there with null.
    /// </summary>
    public required IReadOnlyDictionary<string, string?> Headers { get; init; }

    /// <summary>The body after decompression, byte by byte; empty where there was none or it was refused unread.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The status answered; 0 where the connection was dropped instead.</summary>
    public int Status { get; init; }

    /// <summary>Whether a <c>DD-API-KEY</c> came along.</summary>
    public bool HasApiKey => Headers.ContainsKey("DD-API-KEY");

    /// <summary>Whether a <c>DD-APPLICATION-KEY</c> came along.</summary>
    public bool HasApplicationKey => Headers.ContainsKey("DD-APPLICATION-KEY");
}
