namespace LlmObs.Emulator.Search;

/// <summary>Finds what a search asks for.</summary>
internal sealed class Finder(EmulatorStore store, EmulatorOptions options)
{
    /// <summary>Looks through everything, for as long as the caller goes on asking.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="use">Takes what it needs of what is found; nothing is written meanwhile.</param>
    public T Find<T>(FindRequest request, Func<IEnumerable<FoundEntity>, T> use)
    {
        DateTimeOffset readable = options.Time.GetUtcNow() - options.ReadLag;
        return store.Read((experiments, _) => use(
            new EntitySource(store.Catalog, experiments, readable).Of(request)
                .Where(entity => request.Wants(entity.IsDeleted) && EntityQuery.Matches(request.Query, entity))));
    }
}
