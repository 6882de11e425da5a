namespace LlmObs.Emulator.Catalog;

/// <summary>Things by their ids, each with a number that tells its place in the order of their creation. Not thread-safe.</summary>
internal sealed class NumberedItems<T>
    where T : class
{
    private readonly Dictionary<string, (long Number, T Item)> _byId = new(StringComparer.Ordinal);
    private long _last;

    public int Count => _byId.Count;

    /// <summary>All, newest first.</summary>
    public IReadOnlyList<(long Number, T Item)> NewestFirst => [.. _byId.Values.OrderByDescending(entry => entry.Number)];

    public T? Find(string id) => _byId.TryGetValue(id, out (long Number, T Item) entry) ? entry.Item : null;

    /// <summary>Adds something, or puts it in the place of what has its id.</summary>
    public void Put(string id, T item)
    {
        long number = _byId.TryGetValue(id, out (long Number, T Item) present) ? present.Number : ++_last;
        _byId[id] = (number, item);
    }

    public bool Remove(string id) => _byId.Remove(id);
}
