namespace LlmObs.Emulator.Store;

/// <summary>A stored span: what queries ask for most, and the place of its JSON text.</summary>
internal struct StoredSpan
{
    public byte[] Body;
    public int Start;
    public int Length;
    public int Experiment;
    public int SpanId;
    public int Name;
    public long StartNs;
    public long DurationNs;
    public bool IsError;

    public readonly ReadOnlyMemory<byte> Json => Body.AsMemory(Start, Length);
}
