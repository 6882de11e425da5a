namespace LlmObs.Emulator.Events;

/// <summary>The events of one accepted request.</summary>
/// <param name="body">The body that they are places in; it is kept as long as they are.</param>
internal sealed class ParsedEvents(byte[] body)
{
    public byte[] Body { get; private set; } = body;

    public List<ParsedSpan> Spans { get; } = [];

    public List<ParsedMetric> Metrics { get; } = [];

    /// <summary>The tags of the request, which apply to each of its events.</summary>
    public List<string> Tags { get; } = [];

    /// <summary>Puts the body on one line; positions stay the same.</summary>
    public void PutOnOneLine() => Body = BodyJson.OnOneLine(Body);
}

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

/// <summary>The inside of a JSON string within its body, without the quotes.</summary>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">Its length in bytes, escapes included.</param>
/// <param name="IsEscaped">True if it contains escapes.</param>
internal readonly record struct TextSlice(int Start, int Length, bool IsEscaped);
