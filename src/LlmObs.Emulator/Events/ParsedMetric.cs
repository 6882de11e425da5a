namespace LlmObs.Emulator.Events;

/// <summary>A checked metric, as places in its body; everything else is read from there when it is asked for.</summary>
internal struct ParsedMetric
{
    public int Start;
    public int Length;
    public TextSlice SpanId;
    public TextSlice Label;
    public TextSlice? Category;
    public long TimestampMs;
    public double? Score;
    public bool? Boolean;
    public EventWord Type;
    public EventWord Assessment;
}
