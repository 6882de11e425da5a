namespace LlmObs.Emulator.Http;

/// <summary>The part of a request before its body.</summary>
internal sealed record RequestHead
{
    public required string Method { get; init; }

    /// <summary>The path as it was sent, without its query; nothing in it is resolved.</summary>
    public required string Path { get; init; }

    /// <summary>The query as it was sent, without its question mark; empty where there is none. It is not recorded: keys were seen in queries.</summary>
    public string Query { get; init; } = string.Empty;

    /// <summary>The host that the request line names, where it has a whole address.</summary>
    public string? Authority { get; init; }

    public required HeaderList Headers { get; init; }

    /// <summary>The body's length in bytes; null where it comes in chunks.</summary>
    public long? Length { get; init; } = 0;

    /// <summary>Whether the connection may be used for another request.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>Whether the client waits to be told to send the body.</summary>
    public bool ExpectsContinue { get; init; }
}
