namespace LlmObs.Emulator.Events;

/// <summary>A checked span, as places in its body; everything else is read from there when it is asked for.</summary>
internal struct ParsedSpan
{
    public int Start;
    public int Length;
    public TextSlice SpanId;
    public TextSlice Name;
    public long StartNs;
    public long DurationNs;
    public bool IsError;
}
