using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Calls that failed: the id is the kind of the failure.</content>
internal static partial class Failures
{
    /// <summary>A call that failed. The id is the failure's kind.</summary>
    public static ErrorRecord ToRecord(LlmObsException failure, object? target)
    {
        (ErrorCategory category, string action) = Advise(failure.Kind);
        return new ErrorRecord(failure, failure.Kind.ToString(), category, target)
        {
            ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = action },
        };
    }

    /// <summary>The advice for a kind of failure.</summary>
    public static string Advice(FailureKind kind) => Advise(kind).Action;

    /// <summary>A list of experiments that the service refused, if the request was for all projects.</summary>
    public static ErrorRecord OfAllProjects(LlmObsException failure, object? target)
    {
        ErrorRecord record = ToRecord(failure, target);
        record.ErrorDetails.RecommendedAction += " The service's documentation requires a project or a dataset here: give -Project or -Dataset, or use Find-LlmObsExperiment.";
        return record;
    }

    private static (ErrorCategory Category, string Action) Advise(FailureKind kind) => kind switch
    {
        FailureKind.BadRequest => (ErrorCategory.InvalidData, "Correct the field that the service names, and send it again."),
        FailureKind.Unauthorized => (ErrorCategory.AuthenticationError, "Run Test-LlmObsConnection: it reports which key or token is refused. Check that it belongs to this site; Get-LlmObsConfig shows the settings, and in FromEnvironment those from DD_SITE, DD_API_KEY and DD_APP_KEY."),
        FailureKind.Forbidden => (ErrorCategory.PermissionDenied, "The application key's owner needs the permission for LLM Observability; an IP allow-list may also refuse."),
        FailureKind.NotFound => (ErrorCategory.ObjectNotFound, "Check the id, the site and the organisation."),
        FailureKind.Conflict => (ErrorCategory.ResourceExists, "Read the existing object, and decide which of the two to keep."),
        FailureKind.PayloadTooLarge => (ErrorCategory.LimitsExceeded, "The request is larger than the service accepts: send less in it, or shorten its input, output or metadata."),
        FailureKind.RateLimited => (ErrorCategory.LimitsExceeded, "Send again later, with a smaller -ThrottleLimit, or allow more retries with Set-LlmObsConfig -MaxRetryCount."),
        FailureKind.ServerError => (ErrorCategory.ResourceUnavailable, "Send again later; see the service's status page."),
        FailureKind.Redirected => (ErrorCategory.ConnectionError, "Check -Site and -BaseUri: keys are never sent to the target of a redirect."),
        FailureKind.Timeout => (ErrorCategory.OperationTimeout, "Send again, or allow more time with Set-LlmObsConfig -TimeoutSec."),
        FailureKind.ConnectionRefused => (ErrorCategory.ConnectionError, "Check the address (Get-LlmObsConfig), the firewall and the proxy; for the emulator: is it still running? (Get-LlmObsEmulator)"),
        FailureKind.NameNotResolved => (ErrorCategory.ConnectionError, "Check the site's name (Get-LlmObsConfig) and this machine's DNS."),
        FailureKind.TlsFailed => (ErrorCategory.SecurityError, "Check this machine's clock and certificates; if a proxy decrypts TLS, this machine must trust its certificate. The check can't be turned off."),
        FailureKind.ProxyFailed => (ErrorCategory.ConnectionError, "Check Set-LlmObsConfig -Proxy and the proxy itself."),
        FailureKind.ConnectionLost => (ErrorCategory.ConnectionError, "Send again; the service may or may not have acted on it."),
        FailureKind.UnreadableAnswer => (ErrorCategory.InvalidResult, "A write has taken effect: do not send it again, look for it in Datadog. You can repeat a read."),
        FailureKind.ForeignAnswer => (ErrorCategory.ConnectionError, "Nothing has reached the service: sign in to the network or the proxy, check -Site and -BaseUri, and send again."),
        FailureKind.AnswerTooLarge => (ErrorCategory.LimitsExceeded, "Ask for less: fewer items with -First or a narrower filter; for an export, a larger -MaxBytes."),
        FailureKind.UploadFailed => (ErrorCategory.InvalidData, "Correct the field that the service names. Some records may be stored: check with Get-LlmObsDatasetRecord, and send again with -Deduplicate."),
        FailureKind.UploadUnfinished => (ErrorCategory.InvalidResult, "The service may still finish: check with Get-LlmObsDatasetRecord in a while, and send again with -Deduplicate if records are missing."),
        _ => (ErrorCategory.InvalidResult, "The service answered in a way that this version does not know."),
    };
}
