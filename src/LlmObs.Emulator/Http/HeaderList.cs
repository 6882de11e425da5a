namespace LlmObs.Emulator.Http;

/// <summary>The headers of a request, in their order.</summary>
internal sealed class HeaderList
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public int Count => _headers.Count;

    public IEnumerable<string> Names => _headers.Select(header => header.Key);

    /// <summary>A header's value; of several lines all values, separated by commas; null where it is missing.</summary>
    public string? this[string name]
    {
        get
        {
            string[] values = [.. Values(name)];
            return values.Length == 0 ? null : string.Join(", ", values);
        }
    }

    public IEnumerable<string> Values(string name) =>
        _headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    public void Add(string name, string value) => _headers.Add(new(name, value));

    /// <summary>Whether a header's comma-separated list has a word.</summary>
    public bool HasWord(string name, string word) =>
        this[name] is { } value
        && value.Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase);
}
