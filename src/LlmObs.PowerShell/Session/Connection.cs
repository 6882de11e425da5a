using System.Management.Automation;

namespace LlmObs.PowerShell.Session;

/// <summary>What a call is made with: a profile's settings, completed from the environment at the time of the call.</summary>
internal sealed record Connection(Uri BaseUri, Secret? ApiKey, Secret? AppKey, Secret? AccessToken, double TimeoutSec, int MaxRetryCount, Uri? Proxy)
{
    // Datadog's command line tool has the one name, the examples of its clients have the other.
    private static readonly string[] TokenVariables = ["DD_ACCESS_TOKEN", "DD_BEARER_TOKEN"];

    /// <summary>Whether requests must carry keys: everywhere but on this machine, where the emulator takes all.</summary>
    public bool NeedsKeys => !BaseUri.IsLoopback;

    public bool HasKeys => AccessToken is not null || (ApiKey is not null && AppKey is not null);

    /// <exception cref="ConnectionException">A setting can't be used, or the profile does not exist.</exception>
    public static Connection Of(string profileName)
    {
        SessionProfile? profile = ProfileTable.Find(profileName);
        if (profile is null && !string.Equals(profileName, SessionProfile.DefaultName, StringComparison.OrdinalIgnoreCase))
        {
            throw new ConnectionException(ProfileErrors.NotFound(profileName));
        }

        profile ??= new SessionProfile(profileName);
        Secret? token = profile.AccessSecret ?? (profile.HasKey ? null : TokenVariables.Select(KeyFromEnvironment).FirstOrDefault(found => found is not null));
        return new Connection(
            profile.BaseUri ?? BaseFromEnvironment() ?? SiteOf(profile).BaseUri,
            token is null ? profile.ApiSecret ?? KeyFromEnvironment("DD_API_KEY") : null,
            token is null ? profile.AppSecret ?? KeyFromEnvironment("DD_APP_KEY") : null,
            token,
            profile.TimeoutSec,
            profile.MaxRetryCount,
            profile.Proxy);
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
        FreeForm = PowerShellFreeForm.Instance,
    };

    private static DatadogSite SiteOf(SessionProfile profile)
    {
        string? name = profile.Site ?? Variable("DD_SITE");
        if (name is null)
        {
            return DatadogSite.Default;
        }

        return DatadogSite.TryParse(name, out DatadogSite? site)
            ? site
            : throw Refuse(
                "UnknownSite",
                $"The environment variable DD_SITE is '{ShownSetting.Of(name)}', which is no Datadog site.",
                $"Known sites are {string.Join(", ", DatadogSite.Known)}.{NearestWord.Ask(name, DatadogSite.Known.Select(known => known.Name))}");
    }

    private static Uri? BaseFromEnvironment() => Variable("LLMOBS_BASE_URI") is not string text
        ? null
        : BaseAddress.TryRead(text, out Uri? address, out string? reason)
            ? address
            : throw Refuse(
                "UnsafeBaseUri",
                $"The environment variable LLMOBS_BASE_URI is '{ShownSetting.Of(text)}', which can't be used: {reason}.",
                "Set it to an https address, to an http address on loopback, or remove it.");

    private static Secret? KeyFromEnvironment(string variable)
    {
        try
        {
            return Variable(variable) is string key ? Secret.From(key) : null;
        }
        catch (ArgumentException e)
        {
            throw Refuse("InvalidKey", $"The environment variable {variable} can't be used: {e.Message}", $"Set {variable} to the key alone.");
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static ConnectionException Refuse(string errorId, string message, string action) =>
        new(Failures.Record(message, errorId, ErrorCategory.InvalidArgument, null, action));
}

/// <summary>The settings of a call can't be used.</summary>
internal sealed class ConnectionException(ErrorRecord error) : Exception(error.ErrorDetails.Message)
{
    public ErrorRecord Error { get; } = error;
}
