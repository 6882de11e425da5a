using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Keys, profiles, addresses and emulators of the session.</content>
internal static partial class Failures
{
    private const string KeyWays =
        """
        Supply both keys in one of three ways:
          (1) in the session: Set-LlmObsConfig -ApiKey (Read-Host -AsSecureString) -AppKey (Read-Host -AsSecureString)
          (2) in the environment: DD_API_KEY and DD_APP_KEY
          (3) from a vault: Set-LlmObsConfig -ApiKey (Get-Secret DatadogApiKey) -AppKey (Get-Secret DatadogAppKey)
          An access token replaces both: Set-LlmObsConfig -AccessToken, or DD_ACCESS_TOKEN.
          To try the module without keys, run Start-LlmObsEmulator first.
        """;

    public static ErrorRecord MissingKeys(string host, bool hasApiKey, bool hasAppKey, string profileName)
    {
        string missing = (hasApiKey, hasAppKey) switch
        {
            (false, false) => "Neither an API key nor an application key is known",
            (false, _) => "No API key is known",
            _ => "No application key is known",
        };
        string message = $"{missing} for {host} (profile '{profileName}'); nothing was sent.";
        return Make(message, "MissingKeys", ErrorCategory.AuthenticationError, profileName, KeyWays);
    }

    /// <summary>A profile that is not there.</summary>
    public static ErrorRecord ProfileNotFound(string name, IReadOnlyList<string> known) => Make(
        $"There is no profile '{name}'.{NearestWord.Ask(name, known)}"
            + (known.Count > 0 ? $" Known profiles are {string.Join(", ", known.Select(one => $"'{one}'"))}." : string.Empty),
        "ProfileNotFound",
        ErrorCategory.ObjectNotFound,
        name,
        $"Create it with: Set-LlmObsConfig -ProfileName {name}");

    /// <summary>A variable of the environment that names no site.</summary>
    public static ErrorRecord UnknownSite(string variable, string name) => Make(
        $"The environment variable {variable} is '{MaskedText.OfSetting(name)}', which is not a Datadog site.",
        "UnknownSite",
        ErrorCategory.InvalidArgument,
        null,
        $"Known sites are {string.Join(", ", DatadogSite.Known)}.{NearestWord.Ask(name, DatadogSite.Known.Select(known => known.Name))}");

    /// <summary>A variable of the environment with an address that keys may not be sent to.</summary>
    public static ErrorRecord UnsafeBaseUri(string variable, string address, string reason) => Make(
        $"The environment variable {variable} is '{MaskedText.OfSetting(address)}', which can't be used: {reason}.",
        "UnsafeBaseUri",
        ErrorCategory.InvalidArgument,
        null,
        "Set it to an https address, to an http address on loopback, or remove it.");

    /// <summary>A variable of the environment that holds no key.</summary>
    public static ErrorRecord InvalidKey(string variable, ArgumentException reason) => Make(
        $"The environment variable {variable} can't be used: {reason.Message}", "InvalidKey", ErrorCategory.InvalidArgument, null, $"Set {variable} to the key alone.");

    /// <summary>An emulator that can't listen, or can't use its folder.</summary>
    public static ErrorRecord EmulatorNotStarted(Exception reason, int port) => Make(
        reason,
        reason.Message,
        "EmulatorNotStarted",
        ErrorCategory.OpenError,
        port,
        "Choose another port or folder; Get-LlmObsEmulator lists the emulators of this session.");

    /// <summary>A port that no emulator of this session listens on.</summary>
    public static ErrorRecord EmulatorNotFound(int port) => Make(
        $"No emulator of this session listens on port {port}.",
        "EmulatorNotFound",
        ErrorCategory.ObjectNotFound,
        port,
        "Get-LlmObsEmulator lists the emulators of this session.");

    /// <summary>A comment on a pull request that could not be written.</summary>
    public static ErrorRecord NoComment(LlmObsException failure, PullRequest pullRequest, string name)
    {
        bool isRefused = failure.Kind is FailureKind.Unauthorized or FailureKind.Forbidden or FailureKind.NotFound or FailureKind.Redirected or FailureKind.ForeignAnswer;
        return Make(
            failure,
            $"The comment on {name} was not written: {failure.Message}",
            isRefused ? "CommentRefused" : "CommentFailed",
            isRefused ? ErrorCategory.PermissionDenied : Advise(failure.Kind).Category,
            pullRequest.Number,
            isRefused ? TokenAdvice(pullRequest.Host) : "Run the step again. The summary itself is not affected.");
    }

    /// <summary>A build of a pull request that was not given what a comment needs.</summary>
    /// <param name="host">The host of the pull request.</param>
    /// <param name="reason">The problem, as the end of a sentence.</param>
    public static ErrorRecord NoToken(PullRequestHost host, string reason) => Make(
        $"No comment was written on the pull request: {reason}.", "CommentRefused", ErrorCategory.AuthenticationError, null, TokenAdvice(host));

    private static string TokenAdvice(PullRequestHost host) => host == PullRequestHost.GitHub
        ? "Give the job 'permissions: pull-requests: write', and the step 'env: GITHUB_TOKEN: ${{ github.token }}'. In a pull request from a fork that token is read-only. The summary itself is not affected."
        : "Give the step 'env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)', and the project's build service the permission 'Contribute to pull requests' on the repository. The summary itself is not affected.";
}
