namespace LlmObs.Emulator.Http;

/// <summary>A request as its operation sees it.</summary>
/// <param name="Ids">The decoded segments at the <c>*</c> of the template, in their order.</param>
/// <param name="IsClientGone">True if nobody waits for the answer any more.</param>
internal sealed record RouteRequest(IReadOnlyList<string> Ids, QueryParameters Query, HeaderList Headers, byte[] Body, Func<bool> IsClientGone)
{
    /// <summary>The last id of the path: the id of the operation's target.</summary>
    public string Id => Ids[^1];
}
