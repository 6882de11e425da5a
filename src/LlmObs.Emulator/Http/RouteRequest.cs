namespace LlmObs.Emulator.Http;

/// <summary>A request as its operation sees it.</summary>
/// <param name="Ids">The segments that stand where the template has <c>*</c>, decoded, in their order.</param>
/// <param name="Query">The query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
/// <param name="IsClientGone">Whether nobody waits for the answer any more.</param>
internal sealed record RouteRequest(IReadOnlyList<string> Ids, QueryParameters Query, HeaderList Headers, byte[] Body, Func<bool> IsClientGone)
{
    /// <summary>The last id of the path: that of the thing which the operation is about.</summary>
    public string Id => Ids[^1];
}
