using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Creates a profile, or changes the given settings of one. Profiles live in this process only.</summary>
[Cmdlet(VerbsCommon.Set, "LlmObsConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SessionProfile))]
public sealed class SetLlmObsConfigCommand : LlmObsCmdlet
{
    /// <summary>The profile.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string ProfileName { get; set; } = SessionProfile.DefaultName;

    /// <summary>The Datadog site: a domain (datadoghq.eu), a region (eu1), the web app's host or a pasted address. Null clears.</summary>
    [Parameter]
    [AllowNull]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    /// <summary>The API key: a SecureString or text. Null clears.</summary>
    [Parameter]
    [AllowNull]
    [Key]
    public object? ApiKey { get; set; }

    /// <summary>The application key: a SecureString or text. Null clears.</summary>
    [Parameter]
    [AllowNull]
    [Key]
    [Alias("ApplicationKey")]
    public object? AppKey { get; set; }

    /// <summary>
    /// A personal or service access token, a SecureString or text, which takes the place of the two keys: setting it forgets
    /// them, and setting one of them forgets it. Null clears.
    /// </summary>
    [Parameter]
    [AllowNull]
    [Key]
    public object? AccessToken { get; set; }

    /// <summary>Another address than the site's own: https, or http on loopback. Null clears.</summary>
    [Parameter]
    [AllowNull]
    public string? BaseUri { get; set; }

    /// <summary>The longest time of one attempt, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.01, 86400)]
    public double TimeoutSec { get; set; } = 60;

    /// <summary>The most retries of a failed request; 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxRetryCount { get; set; } = 5;

    /// <summary>An HTTP proxy. Null clears: the system's is used.</summary>
    [Parameter]
    [AllowNull]
    public Uri? Proxy { get; set; }

    /// <summary>Writes the profile, with its keys masked.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        DatadogSite? site = ReadSite();
        Uri? baseUri = ReadBaseUri();
        Secret? apiKey = ReadKey(nameof(ApiKey), ApiKey);
        Secret? appKey = ReadKey(nameof(AppKey), AppKey);
        Secret? accessToken = ReadKey(nameof(AccessToken), AccessToken);
        if (accessToken is not null && (apiKey ?? appKey) is not null)
        {
            throw Refuse(nameof(AccessToken), "An access token replaces the keys; both can't be sent.", "Give either -AccessToken, or -ApiKey and -AppKey.");
        }

        if (Proxy is { IsAbsoluteUri: false })
        {
            throw Refuse(nameof(Proxy), $"'{MaskedText.OfSetting(Proxy.OriginalString)}' is not an absolute address.", "Give it as http://host:port.");
        }

        if (Proxy is { UserInfo.Length: > 0 })
        {
            throw Refuse(nameof(Proxy), "The proxy's address carries a user name or password, which would be shown wherever the profile is.", "Leave them out; a proxy that knows this machine or account needs none.");
        }

        if (!ShouldProcess($"profile '{ProfileName}'", "Set"))
        {
            return;
        }

        SessionProfile changed = SessionProfiles.Change(ProfileName, present => present with
        {
            Site = Given(nameof(Site)) ? site?.Name : present.Site,
            BaseUri = Given(nameof(BaseUri)) ? baseUri : present.BaseUri,
            ApiSecret = Given(nameof(ApiKey)) ? apiKey : accessToken is null ? present.ApiSecret : null,
            AppSecret = Given(nameof(AppKey)) ? appKey : accessToken is null ? present.AppSecret : null,
            AccessSecret = Given(nameof(AccessToken)) ? accessToken : (apiKey ?? appKey) is null ? present.AccessSecret : null,
            TimeoutSec = Given(nameof(TimeoutSec)) ? TimeoutSec : present.TimeoutSec,
            MaxRetryCount = Given(nameof(MaxRetryCount)) ? MaxRetryCount : present.MaxRetryCount,
            Proxy = Given(nameof(Proxy)) ? Proxy : present.Proxy,
        });
        WarnOfEmulator(changed, (apiKey ?? appKey ?? accessToken) is not null);
        if (PassThru)
        {
            WriteObject(changed);
        }
    }

    private void WarnOfEmulator(SessionProfile changed, bool hasKey)
    {
        if (RunningEmulators.At(changed.BaseUri) is not RunningEmulator emulator)
        {
            return;
        }

        string[] idle =
        [
            .. changed.Site is not null && Given(nameof(Site)) ? ["-Site"] : Array.Empty<string>(),
            .. hasKey && !emulator.ChecksKeys
                ? new[] { nameof(ApiKey), nameof(AppKey), nameof(AccessToken) }.Where(Given).Select(name => "-" + name)
                : [],
        ];
        if (idle.Length > 0)
        {
            WriteWarning(Warnings.IdleSettings(ProfileName, emulator.Server.BaseUri, idle, emulator.Server.Port));
        }
    }

    private bool Given(string parameter) => CommandLine.Contains(parameter);

    private DatadogSite? ReadSite()
    {
        if (string.IsNullOrEmpty(Site))
        {
            return null;
        }

        return DatadogSite.TryParse(Site, out DatadogSite? site)
            ? site
            : throw Refuse(nameof(Site), $"'{MaskedText.OfSetting(Site)}' is not a Datadog site.", $"Known sites are {string.Join(", ", DatadogSite.Known)}.{NearestWord.Ask(Site, DatadogSite.Known.Select(known => known.Name))}");
    }

    private Uri? ReadBaseUri()
    {
        if (string.IsNullOrEmpty(BaseUri))
        {
            return null;
        }

        return BaseAddress.TryRead(BaseUri, out Uri? address, out string? reason)
            ? address
            : throw Refuse(nameof(BaseUri), $"'{MaskedText.OfSetting(BaseUri)}' can't be the base address: {reason}.", "Give an https address, or an http address on loopback such as the emulator's.");
    }

    private Secret? ReadKey(string parameter, object? value) => value is UnusableKey unusable
        ? throw Refuse(parameter, unusable.Reason, UnusableKey.Advice)
        : (Secret?)value;

    private PipelineStoppedException Refuse(string parameter, string message, string action)
    {
        ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(message, parameter), message, parameter, action));
        return new PipelineStoppedException(); // never reached: the line above does not return
    }
}
