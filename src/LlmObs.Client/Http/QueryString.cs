using System.Text;

namespace LlmObs.Client.Http;

/// <summary>The query of a request's path. Names and values are escaped, whatever they hold.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a value; null leaves it out.</summary>
    public QueryString Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    /// <summary>Adds each value under the same name.</summary>
    public QueryString AddEach(string name, IEnumerable<string> values)
    {
        foreach (string value in values)
        {
            Add(name, value);
        }

        return this;
    }

    /// <summary>Adds <c>true</c>; what is false is left out, as the service takes it for that.</summary>
    public QueryString AddFlag(string name, bool isSet) => Add(name, isSet ? "true" : null);

    /// <summary>Adds which part of a list is asked for.</summary>
    public QueryString AddPage(string? cursor, int limit) =>
        Add("page[limit]", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)).Add("page[cursor]", cursor);

    /// <summary>A path with this query behind it.</summary>
    public string Behind(string path) => path + _text;
}
