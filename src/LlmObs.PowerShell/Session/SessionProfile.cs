namespace LlmObs;

/// <summary>
/// A named set of connection settings, held in memory for the whole process. Profiles never change: setting one puts
/// another in its place. The keys can be seen by their last four characters only.
/// </summary>
public sealed record SessionProfile
{
    /// <summary>The profile that is used if none is named.</summary>
    public const string DefaultName = "default";

    private readonly Secret? _apiKey;
    private readonly Secret? _appKey;
    private readonly Secret? _accessToken;

    internal SessionProfile(string profileName) => ProfileName = profileName;

    /// <summary>The name.</summary>
    public string ProfileName { get; }

    /// <summary>The Datadog site; null if nothing names one: then it is <c>datadoghq.com</c>.</summary>
    public string? Site { get; internal init; }

    /// <summary>The API's address, if it is not the site's own; null otherwise.</summary>
    public Uri? BaseUri { get; internal init; }

    /// <summary>The API key, masked; null if there is none.</summary>
    public string? ApiKey => _apiKey?.ToString();

    /// <summary>The application key, masked; null if there is none.</summary>
    public string? AppKey => _appKey?.ToString();

    /// <summary>True if both keys were given.</summary>
    public bool HasKeys => _apiKey is not null && _appKey is not null;

    /// <summary>The access token that takes the place of the keys, masked; null if there is none.</summary>
    public string? AccessToken => _accessToken?.ToString();

    /// <summary>The longest time of one attempt, in seconds.</summary>
    public double TimeoutSec { get; internal init; } = 60;

    /// <summary>The most retries of a request.</summary>
    public int MaxRetryCount { get; internal init; } = 5;

    /// <summary>The proxy; null for the system's.</summary>
    public Uri? Proxy { get; internal init; }

    /// <summary>The environment variables that settings shown here were taken from; empty if the profile gives all of them.</summary>
    public IReadOnlyList<string> FromEnvironment { get; internal init; } = [];

    internal Secret? ApiSecret
    {
        get => _apiKey;
        init => _apiKey = value;
    }

    internal Secret? AppSecret
    {
        get => _appKey;
        init => _appKey = value;
    }

    internal Secret? AccessSecret
    {
        get => _accessToken;
        init => _accessToken = value;
    }

    /// <summary>True if one of the two keys was given.</summary>
    internal bool HasKey => (_apiKey ?? _appKey) is not null;

    /// <summary>True if nothing but its name was ever given.</summary>
    internal bool IsEmpty => this == new SessionProfile(ProfileName);
}
