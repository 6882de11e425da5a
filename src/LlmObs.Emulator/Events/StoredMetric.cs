namespace LlmObs.Emulator.Events;

/// <summary>A stored metric: what queries ask for most, and the place of its JSON text.</summary>
internal struct StoredMetric
{
    public byte[] Body;
    public int Start;
    public int Length;
    public int Experiment;
    public int SpanId;
    public int Label;
    public int Category;
    public long TimestampMs;
    public double Score;
    public EventWord Type;
    public EventWord Assessment;
    public bool HasScore;
    public bool HasBoolean;
    public bool Boolean;

    /// <summary>True if a later metric of the same experiment, span and label replaced it.</summary>
    public bool IsSuperseded;

    public const int NoCategory = -1;

    public readonly ReadOnlyMemory<byte> Json => Body.AsMemory(Start, Length);
}

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
