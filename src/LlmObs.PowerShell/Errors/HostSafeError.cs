using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <summary>
/// Errors whose texts may be shown on a host. What an error is about (its target, the service's answer) stays as it is;
/// what it says, down to the innermost exception, is made harmless.
/// </summary>
internal static class HostSafeError
{
    public static ErrorRecord Of(ErrorRecord record)
    {
        Exception exception = Of(record.Exception);
        ErrorRecord shown = exception == record.Exception
            ? record
            : new ErrorRecord(exception, record.FullyQualifiedErrorId, record.CategoryInfo.Category, record.TargetObject) { ErrorDetails = record.ErrorDetails };
        if (shown.ErrorDetails is ErrorDetails details)
        {
            shown.ErrorDetails = new ErrorDetails(HostSafeText.Of(details.Message)) { RecommendedAction = HostSafeText.Of(details.RecommendedAction) };
        }

        // PowerShell would take the beginning of the target's own text, and run its script properties for it.
        if (record.TargetObject is not null)
        {
            shown.CategoryInfo.TargetName = ErrorTargetName.Name(record.TargetObject);
        }

        return shown;
    }

    /// <summary>The exception itself where it and all inside it are harmless, else one of the same type or name with harmless words.</summary>
    private static Exception Of(Exception exception)
    {
        Exception? inner = exception.InnerException is Exception one ? Of(one) : null;
        string message = HostSafeText.Of(exception.Message);
        if (message == exception.Message && inner == exception.InnerException && (exception as LlmObsException)?.Errors.All(IsHarmless) != false)
        {
            return exception;
        }

        return exception switch
        {
            LlmObsException failure => new LlmObsException(failure.Kind, message, inner)
            {
                StatusCode = failure.StatusCode,
                Method = failure.Method,
                Path = failure.Path,
                Attempts = failure.Attempts,
                Errors = [.. failure.Errors.Select(Of)],
            },
            EventRowException row => new EventRowException(HostSafeText.Of(row.Field), HostSafeText.Of(row.Reason)) { IsMissingSetting = row.IsMissingSetting },
            PSArgumentException => new PSArgumentException(message, inner!),
            InvalidOperationException => new InvalidOperationException(message, inner),
            _ => new InvalidOperationException($"{exception.GetType().Name}: {message}", inner),
        };
    }

    private static bool IsHarmless(ApiError error) => Of(error) == error;

    private static ApiError Of(ApiError error)
    {
        return error with
        {
            Title = Shown(error.Title),
            Detail = Shown(error.Detail),
            Status = Shown(error.Status),
            Pointer = Shown(error.Pointer),
            Parameter = Shown(error.Parameter),
            Header = Shown(error.Header),
        };

        static string? Shown(string? text) => text is null ? null : HostSafeText.Of(text);
    }
}
