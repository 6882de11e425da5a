namespace LlmObs.Emulator.Http;

/// <summary>The body of a request as it comes in.</summary>
internal abstract class BodySource
{
    /// <summary>Its length in bytes; null where only its end will tell.</summary>
    public abstract long? Length { get; }

    /// <summary>Whether it was read to its end, so that the next request follows.</summary>
    public abstract bool IsFinished { get; }

    /// <summary>Reads some of it.</summary>
    /// <returns>How many bytes; 0 at its end.</returns>
    /// <exception cref="EndOfStreamException">The client went away before its end.</exception>
    /// <exception cref="InvalidDataException">It is not in the form that its head says.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellation);
}
