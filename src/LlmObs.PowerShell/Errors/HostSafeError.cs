using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <summary>
/// Errors whose texts may be shown on a host. The target of an error and the service's answer stay unchanged;
/// its messages, down to the innermost exception, are made harmless.
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

    /// <summary>The exception itself if it and its inner exceptions are harmless, otherwise one of the same type or name with harmless words.</summary>
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

/// <summary>
/// What an error calls its target in one short line. Rows are others' objects: no code of theirs is run for it, and nothing
/// of them is gone through further than the line is long.
/// </summary>
internal static class ErrorTargetName
{
    private const int Longest = 40;

    public static string Name(object target)
    {
        string name = HostSafeText.OneLine(Short(Whole(target)));
        return name.Length <= Longest ? name : name[..(Longest - 1)] + "…";
    }

    private static string Whole(object target) => target switch
    {
        PSObject { BaseObject: PSCustomObject } row => Row(row),
        PSObject wrapped => Bare(wrapped.BaseObject),
        _ => Bare(target),
    };

    private static string Row(PSObject row)
    {
        var text = new System.Text.StringBuilder("@{");
        foreach (PSPropertyInfo property in row.Properties)
        {
            text.Append(text.Length > 2 ? "; " : string.Empty).Append(Short(property.Name)).Append('=');
            if (property is PSNoteProperty { Value: { } value })
            {
                text.Append(Short(Printed(value) ?? string.Empty));
            }

            if (text.Length > Longest)
            {
                break;
            }
        }

        return text.Append('}').ToString();
    }

    private static string Bare(object target) => Printed(target) ?? (target is FileSystemInfo file ? file.FullName : target.GetType().ToString());

    /// <summary>Text, numbers and the like; null for everything that is more.</summary>
    private static string? Printed(object value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        string text => text,
        Uri address => address.OriginalString,
        Experiment experiment => experiment.Id,
        DateTime or DateTimeOffset or TimeSpan or Guid or Enum or decimal => Convert.ToString(value, CultureInfo.InvariantCulture),
        var other when other.GetType().IsPrimitive => Convert.ToString(other, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Short(string text) => text.Length <= 2 * Longest ? text : text[..(2 * Longest)];
}
