using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LlmObs.PowerShell.Session;

/// <summary>The settings of a call: those of a profile, completed from the environment at the time of the call.</summary>
internal sealed record Connection(Uri BaseUri, Secret? ApiKey, Secret? AppKey, Secret? AccessToken, double TimeoutSec, int MaxRetryCount, Uri? Proxy)
{
    // Datadog's command line tool has the one name, the examples of its clients have the other.
    private static readonly string[] TokenVariables = ["DD_ACCESS_TOKEN", "DD_BEARER_TOKEN"];

    /// <summary>True if requests must carry keys: everywhere but on this machine, where the emulator accepts all.</summary>
    public bool NeedsKeys => !BaseUri.IsLoopback;

    public bool HasKeys => AccessToken is not null || (ApiKey is not null && AppKey is not null);

    /// <exception cref="ConnectionException">A setting can't be used, or the profile does not exist.</exception>
    public static Connection Of(string profileName)
    {
        SessionProfile? profile = SessionProfiles.Find(profileName);
        if (profile is null && !string.Equals(profileName, SessionProfile.DefaultName, StringComparison.OrdinalIgnoreCase))
        {
            throw new ConnectionException(Failures.ProfileNotFound(profileName, SessionProfiles.Names));
        }

        profile = WithEnvironment(profile ?? new SessionProfile(profileName));
        return new Connection(
            profile.BaseUri ?? SiteOf(profile.Site).BaseUri,
            profile.ApiSecret,
            profile.AppSecret,
            profile.AccessSecret,
            profile.TimeoutSec,
            profile.MaxRetryCount,
            profile.Proxy);
    }

    /// <summary>A profile, completed with settings from the environment.</summary>
    /// <exception cref="ConnectionException">A variable can't be used.</exception>
    public static SessionProfile WithEnvironment(SessionProfile profile)
    {
        var variables = new List<string>();
        T? OrElse<T>(T? given, string variable, Func<string, T?> read)
            where T : class
        {
            if (given is not null || read(variable) is not T found)
            {
                return given;
            }

            variables.Add(variable);
            return found;
        }

        Secret? token = profile.AccessSecret;
        foreach (string variable in profile.HasKey ? [] : TokenVariables)
        {
            token = OrElse(token, variable, KeyFromEnvironment);
        }

        Uri? address = OrElse(profile.BaseUri, "LLMOBS_BASE_URI", BaseFromEnvironment);
        return profile with
        {
            BaseUri = address,
            Site = address is null ? OrElse(profile.Site, "DD_SITE", SiteFromEnvironment) : profile.Site,
            ApiSecret = token is null ? OrElse(profile.ApiSecret, "DD_API_KEY", KeyFromEnvironment) : null,
            AppSecret = token is null ? OrElse(profile.AppSecret, "DD_APP_KEY", KeyFromEnvironment) : null,
            AccessSecret = token,
            FromEnvironment = variables,
        };
    }

    /// <param name="time">The clock of waits and time limits.</param>
    public ClientOptions ToOptions(TimeProvider time) => new()
    {
        BaseUri = BaseUri,
        ApiKey = ApiKey,
        AppKey = AppKey,
        AccessToken = AccessToken,
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        MaxRetryCount = MaxRetryCount,
        Proxy = Proxy,
        Time = time,
        FreeForm = PSObjectJson.Instance,
    };

    // A profile's site was checked when it was set.
    private static DatadogSite SiteOf(string? name) => DatadogSite.TryParse(name, out DatadogSite? site) ? site : DatadogSite.Default;

    private static string? SiteFromEnvironment(string variable) => Variable(variable) is not string name
        ? null
        : DatadogSite.TryParse(name, out DatadogSite? site)
            ? site.Name
            : throw new ConnectionException(Failures.UnknownSite(variable, name));

    private static Uri? BaseFromEnvironment(string variable) => Variable(variable) is not string text
        ? null
        : BaseAddress.TryRead(text, out Uri? address, out string? reason)
            ? address
            : throw new ConnectionException(Failures.UnsafeBaseUri(variable, text, reason));

    private static Secret? KeyFromEnvironment(string variable)
    {
        try
        {
            return Variable(variable) is string key ? Secret.From(key) : null;
        }
        catch (ArgumentException e)
        {
            throw new ConnectionException(Failures.InvalidKey(variable, e));
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>The settings of a call can't be used.</summary>
internal sealed class ConnectionException(ErrorRecord error) : Exception(error.ErrorDetails.Message)
{
    public ErrorRecord Error { get; } = error;
}

/// <summary>Reads addresses that requests with keys may go to.</summary>
internal static class BaseAddress
{
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? reason)
    {
        // A base address without a slash at its end would lose its last part to the path of the request.
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out address))
        {
            reason = "it is not an absolute address";
            return false;
        }

        reason = ClientOptions.UnsafeReason(address);
        return reason is null;
    }
}
