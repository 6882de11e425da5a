using System.Diagnostics.CodeAnalysis;

namespace LlmObs;

/// <summary>
/// A Datadog site: the region that an account lives in. Source: the endpoint tables of the API documents, and
/// <c>uk1.datadoghq.com</c>, which is newer than they are.
/// </summary>
public sealed record DatadogSite
{
    private readonly string[] _shortNames; // what people type for it, or see in the address bar of the web app

    private DatadogSite(string name, params string[] shortNames)
    {
        Name = name;
        _shortNames = shortNames;
    }

    /// <summary>Every site known to this version, in the order of the documents.</summary>
    public static IReadOnlyList<DatadogSite> Known { get; } =
    [
        new("datadoghq.com", "us1"),
        new("us3.datadoghq.com", "us3"),
        new("us5.datadoghq.com", "us5"),
        new("datadoghq.eu", "eu", "eu1"),
        new("ap1.datadoghq.com", "ap1"),
        new("ap2.datadoghq.com", "ap2"),
        new("uk1.datadoghq.com", "uk1"),
        new("ddog-gov.com", "us1-fed", "gov"),
        new("us2.ddog-gov.com", "us2-fed"),
    ];

    /// <summary>The default site of Datadog's own clients.</summary>
    public static DatadogSite Default => Known[0];

    /// <summary>The site's domain, for example <c>datadoghq.eu</c>.</summary>
    public string Name { get; }

    /// <summary>The API's address at this site, for example <c>https://api.datadoghq.eu/</c>.</summary>
    public Uri BaseUri => new($"https://api.{Name}/");

    /// <summary>The web application's address at this site, for example <c>https://app.datadoghq.eu/</c> or <c>https://us5.datadoghq.com/</c>.</summary>
    public Uri AppUri => new(Name.Count(c => c == '.') == 1 ? $"https://app.{Name}/" : $"https://{Name}/");

    /// <summary>
    /// Reads a site in any form that users type: the domain, the region (<c>us5</c>), the web app's or the API's host
    /// (<c>app.datadoghq.eu</c>, <c>api.us3.datadoghq.com</c>), or a whole address pasted from a browser.
    /// </summary>
    /// <param name="text">The text that a user typed.</param>
    /// <param name="site">The site, if it is known.</param>
    /// <returns>True if the text names a known site.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DatadogSite? site)
    {
        string host = (text ?? string.Empty).Trim();
        site = Known.FirstOrDefault(known => known._shortNames.Contains(host, StringComparer.OrdinalIgnoreCase));
        if (site is not null)
        {
            return true;
        }

        int scheme = host.IndexOf("://", StringComparison.Ordinal);
        host = scheme < 0 ? host : host[(scheme + 3)..];
        int end = host.AsSpan().IndexOfAny("/?#:");
        host = (end < 0 ? host : host[..end]).TrimEnd('.');

        foreach (string prefix in (ReadOnlySpan<string>)["app.", "api.", "www."])
        {
            if (host.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                host = host[prefix.Length..];
                break;
            }
        }

        site = Known.FirstOrDefault(known => string.Equals(known.Name, host, StringComparison.OrdinalIgnoreCase));
        return site is not null;
    }

    /// <summary>The site's domain.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
