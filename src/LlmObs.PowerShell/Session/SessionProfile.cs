namespace LlmObs;

/// <summary>
/// A named set of connection settings, held in memory for the whole process. Profiles never change: setting one puts
/// another in its place. The keys can be seen by their last four characters only.
/// </summary>
public sealed record SessionProfile
{
    /// <summary>The profile that is used where none is named.</summary>
    public const string DefaultName = "default";

    private readonly Secret? apiKey;
    private readonly Secret? appKey;
    private readonly Secret? accessToken;

    internal SessionProfile(string profileName) => ProfileName = profileName;

    /// <summary>The name.</summary>
    public string ProfileName { get; }

    /// <summary>The Datadog site; null if nothing names one: then it is <c>datadoghq.com</c>.</summary>
    public string? Site { get; internal init; }

    /// <summary>The API's address, where it is not the site's own; null otherwise.</summary>
    public Uri? BaseUri { get; internal init; }

    /// <summary>The API key, masked; null if there is none.</summary>
    public string? ApiKey => apiKey?.ToString();

    /// <summary>The application key, masked; null if there is none.</summary>
    public string? AppKey => appKey?.ToString();

    /// <summary>Whether both keys were given.</summary>
    public bool HasKeys => apiKey is not null && appKey is not null;

    /// <summary>The access token that takes the place of the keys, masked; null where there is none.</summary>
    public string? AccessToken => accessToken?.ToString();

    /// <summary>How long one attempt may take, in seconds.</summary>
    public double TimeoutSec { get; internal init; } = 60;

    /// <summary>How often a request is sent again.</summary>
    public int MaxRetryCount { get; internal init; } = 5;

    /// <summary>The proxy; null for the system's.</summary>
    public Uri? Proxy { get; internal init; }

    /// <summary>The environment variables that settings shown here were taken from; empty if the profile gives all of them.</summary>
    public IReadOnlyList<string> FromEnvironment { get; internal init; } = [];

    internal Secret? ApiSecret
    {
        get => apiKey;
        init => apiKey = value;
    }

    internal Secret? AppSecret
    {
        get => appKey;
        init => appKey = value;
    }

    internal Secret? AccessSecret
    {
        get => accessToken;
        init => accessToken = value;
    }

    /// <summary>Whether one of the two keys was given.</summary>
    internal bool HasKey => (apiKey ?? appKey) is not null;

    /// <summary>Whether nothing but its name was ever given.</summary>
    internal bool IsEmpty => this == new SessionProfile(ProfileName);
}
