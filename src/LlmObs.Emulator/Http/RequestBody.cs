namespace LlmObs.Emulator.Http;

/// <summary>What came of reading a request's body.</summary>
internal sealed record RequestBody
{
    /// <summary>The body, decompressed; empty where there was none or it was refused.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Why it was refused; null where it was not.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Whether the client went away while sending it.</summary>
    public bool Lost { get; init; }
}
