namespace LlmObs.Emulator.Search;

/// <summary>Something that can be searched for.</summary>
/// <param name="Scope">Its kind, as the filter names it.</param>
/// <param name="Place">Its place in the list of everything; it never changes.</param>
/// <param name="IsDeleted">Whether it is deleted.</param>
/// <param name="Json">It, as an answer gives it out.</param>
internal sealed record FoundEntity(string Scope, long Place, bool IsDeleted, byte[] Json)
{
    /// <summary>One of its kind, as names of fields begin with it: <c>experiment</c>.</summary>
    public string Kind => Scope.TrimEnd('s');
}
