namespace LlmObs.Emulator.Http;

/// <summary>The query of a request, decoded; a name may come more than once.</summary>
internal sealed class QueryParameters
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    /// <param name="query">What stands behind the question mark.</param>
    public QueryParameters(string query)
    {
        foreach (string part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            _parameters.Add(equals < 0 ? new(Decode(part), string.Empty) : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }
    }

    /// <summary>A parameter's first value; null where it is missing or empty.</summary>
    public string? this[string name] => Values(name).FirstOrDefault(value => value.Length > 0);

    public IReadOnlyList<string> Values(string name) =>
        [.. _parameters.Where(parameter => parameter.Key == name).Select(parameter => parameter.Value)];

    /// <summary>A parameter that is true or false; false where it is missing.</summary>
    public Problem? Flag(string name, out bool value)
    {
        string? text = this[name];
        return bool.TryParse(text, out value) || text is null
            ? null
            : Problem.WrongParameter(name, $"'{name}' must be true or false, not '{text}'.");
    }

    // Some clients write a space as a plus.
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
