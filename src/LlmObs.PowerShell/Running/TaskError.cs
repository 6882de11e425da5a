using System.Management.Automation;
using System.Net.Http.Headers;

namespace LlmObs.PowerShell.Running;

/// <summary>What went wrong in a script, in the words of a row.</summary>
internal static class TaskError
{
    public static RowError Of(Exception exception, string what)
    {
        ErrorRecord? record = (exception as RuntimeException)?.ErrorRecord;
        Exception cause = record?.Exception ?? exception;
        while (cause is MethodInvocationException or GetValueInvocationException or CmdletInvocationException && cause.InnerException is Exception inner)
        {
            cause = inner;
        }

        if (cause.GetType().Name is "BreakException" or "ContinueException" or "ExitException" or "ExitNestedPromptException")
        {
            string word = cause.GetType().Name.Replace("Exception", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
            return new RowError($"The {what} left with '{word}', which belongs into a loop or a script; use return.", cause.GetType().FullName);
        }

        string message = record?.ErrorDetails?.Message is { Length: > 0 } details ? details : cause.Message;
        return new RowError(message, cause.GetType().FullName, record?.ScriptStackTrace ?? cause.StackTrace);
    }

    /// <summary>How long a service asked to be left alone, as Invoke-RestMethod and Invoke-WebRequest hand it on; null if it did not.</summary>
    public static TimeSpan? RetryAfter(Exception exception, TimeProvider time)
    {
        for (Exception? one = (exception as RuntimeException)?.ErrorRecord?.Exception ?? exception; one is not null; one = one.InnerException)
        {
            // HttpResponseException is PowerShell's, and no reference of this project has it.
            if (PSObject.AsPSObject(one).Properties["Response"]?.Value is HttpResponseMessage { Headers.RetryAfter: RetryConditionHeaderValue wanted })
            {
                TimeSpan? wait = wanted.Delta ?? (wanted.Date - time.GetUtcNow());
                return wait > TimeSpan.Zero ? wait : null;
            }
        }

        return null;
    }
}
