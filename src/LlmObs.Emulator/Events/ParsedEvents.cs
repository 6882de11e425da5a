namespace LlmObs.Emulator.Events;

/// <summary>The events of one accepted request.</summary>
/// <param name="body">The body that they are places in; it is kept as long as they are.</param>
internal sealed class ParsedEvents(byte[] body)
{
    public byte[] Body { get; private set; } = body;

    public List<ParsedSpan> Spans { get; } = [];

    public List<ParsedMetric> Metrics { get; } = [];

    /// <summary>The tags of the request, which are those of each of its events.</summary>
    public List<string> Tags { get; } = [];

    /// <summary>Puts the body on one line; the places stay the same.</summary>
    public void PutOnOneLine() => Body = BodyJson.OnOneLine(Body);
}
