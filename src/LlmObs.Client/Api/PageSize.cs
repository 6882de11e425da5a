namespace LlmObs.Client.Api;

/// <summary>How many items a page is asked to hold.</summary>
/// <param name="Usual">Where nobody says how many items are wanted.</param>
/// <param name="Largest">The most that a page is asked for.</param>
internal sealed record PageSize(int Usual, int Largest)
{
    /// <summary>Lists of small things; the service takes up to 5,000 a page.</summary>
    public static PageSize OfLists { get; } = new(1000, 5000);

    /// <summary>Lists of things that can be large, such as spans with their inputs and outputs: a page has to fit into memory.</summary>
    public static PageSize OfContents { get; } = new(500, 500);

    public int For(long? wanted) => wanted is null ? Usual : (int)Math.Clamp(wanted.Value, 1, Largest);
}
