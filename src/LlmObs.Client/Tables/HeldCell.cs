namespace LlmObs.Client.Tables;

/// <summary>A cell of a metric column whose type is not decided yet.</summary>
/// <param name="cell">The cell.</param>
/// <param name="seen">The type that it has by itself.</param>
/// <param name="isZeroOrOne">Whether it may also be true or false.</param>
/// <param name="listed">What else a list of metrics says of it; null for a cell of its own.</param>
/// <param name="place">Where it stands.</param>
/// <param name="spanId">The span of its row.</param>
internal sealed class HeldCell(KeptCell cell, string seen, bool isZeroOrOne, ListedMetric? listed, RowPlace place, string spanId)
{
    public string Seen => seen;

    public bool IsZeroOrOne => isZeroOrOne;

    public ListedMetric? Listed => listed;

    public RowPlace Place => place;

    public string SpanId => spanId;

    public KeptCell Kept => cell;

    public Cell Cell => Cell.Of(cell);
}
