using System.Globalization;

namespace LlmObs.Client.Http;

/// <summary>The messages of failed calls: the request, its address, and the answer.</summary>
internal static class FailureMessages
{
    private const int MostErrorsShown = 3;

    public static LlmObsException Describe(ApiRequest request, Uri address, HttpAttemptResult outcome, int attempts, ClientOptions options)
    {
        FailureKind kind = outcome.Failure ?? FailureKind.UnexpectedStatus;
        IReadOnlyList<ApiError> errors = outcome.StatusCode is null ? [] : [.. ApiErrorJson.Read(outcome.Body).Select(error => WithoutKeys(error, options))];
        string call = $"{request.Method} /{request.Path}";
        string times = attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $", after {attempts} attempts") : string.Empty;
        string message = outcome.StatusCode is int status
            ? string.Create(CultureInfo.InvariantCulture, $"{call} was answered with {status}{times}: {Words(kind, errors, outcome)}")
            : $"{call} got no answer from {address.Authority}{times}: {Reason(kind, outcome, options)}.";
        return new LlmObsException(kind, options.WithoutKeys(message), WithoutKeys(outcome.Exception, options))
        {
            StatusCode = outcome.StatusCode,
            Method = request.Method.Method,
            Path = "/" + request.Path,
            Attempts = attempts,
            Errors = errors,
        };
    }

    /// <summary>A refusal with several errors, as it is about one of them.</summary>
    public static LlmObsException Only(LlmObsException refusal, ApiError error) => refusal.Errors.Count == 1 ? refusal : new LlmObsException(
        refusal.Kind,
        string.Create(CultureInfo.InvariantCulture, $"{refusal.Method} {refusal.Path} was answered with {refusal.StatusCode}: {error.ToString().TrimEnd('.')}."),
        refusal.InnerException)
    {
        StatusCode = refusal.StatusCode,
        Method = refusal.Method,
        Path = refusal.Path,
        Attempts = refusal.Attempts,
        Errors = [error],
    };

    /// <summary>A failure other than an error status; foreign texts are made harmless here.</summary>
    public static LlmObsException Of(FailureKind kind, string message, ApiAnswer answer, Exception? cause) =>
        new(kind, answer.Options.WithoutKeys(message), WithoutKeys(cause, answer.Options))
        {
            StatusCode = answer.StatusCode,
            Method = answer.Request.Method.Method,
            Path = "/" + answer.Request.Path,
            Attempts = answer.Attempts,
        };

    /// <summary>A request that broke off for an unexpected reason.</summary>
    public static LlmObsException Unexpected(HttpMethod method, string path, Exception reason, ClientOptions options) => new(
        FailureKind.ConnectionLost, options.WithoutKeys($"{method} /{path} broke off: {reason.Message}"), WithoutKeys(reason, options))
    {
        Method = method.Method,
        Path = "/" + path,
    };

    /// <summary>The inner exception of a failure; null if it repeats a key.</summary>
    public static Exception? WithoutKeys(Exception? exception, ClientOptions options) =>
        exception?.ToString() is string text && options.WithoutKeys(text) != text ? null : exception;

    private static string Words(FailureKind kind, IReadOnlyList<ApiError> errors, HttpAttemptResult outcome)
    {
        if (kind == FailureKind.ForeignAnswer)
        {
            string type = outcome.MediaType ?? "a web page without a type";
            string page = errors is [{ Detail.Length: > 0 } one, ..] ? $" ('{one.Detail}')" : string.Empty;
            return $"it is {type}{page}, which the service does not send; something on the way, such as a sign-in page, answered instead of it.";
        }

        if (errors.Count > 0)
        {
            string shown = string.Join("; ", errors.Take(MostErrorsShown));
            return errors.Count > MostErrorsShown
                ? string.Create(CultureInfo.InvariantCulture, $"{shown}; and {errors.Count - MostErrorsShown} more.")
                : shown.TrimEnd('.') + ".";
        }

        if (kind == FailureKind.AnswerTooLarge)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its body is larger than {ApiTransport.LargestAnswer / (1024 * 1024)} MiB, and is not read.");
        }

        return kind == FailureKind.Redirected && outcome.Headers?.Location is Uri target
            ? $"it points to {(target.IsAbsoluteUri ? target.Authority : "another path")}, but keys are not sent there."
            : "no reason was given.";
    }

    private static string Reason(FailureKind kind, HttpAttemptResult outcome, ClientOptions options)
    {
        string detail = (outcome.Exception?.InnerException ?? outcome.Exception)?.Message.TrimEnd('.') ?? "unknown";
        return kind switch
        {
            FailureKind.Timeout => string.Create(CultureInfo.InvariantCulture, $"none came within {options.Timeout.TotalSeconds:0.###} s"),
            FailureKind.ConnectionRefused => $"the connection failed ({detail})",
            FailureKind.NameNotResolved => $"the host name could not be resolved ({detail})",
            FailureKind.TlsFailed => $"no secure connection could be made ({detail})",
            FailureKind.ProxyFailed => $"the proxy {HttpClients.ProxyOf(options)?.Authority}{(options.Proxy is null ? " of the environment" : string.Empty)} failed ({detail})",
            _ => $"the connection broke ({detail})",
        };
    }

    // Services and proxies have been seen to answer "invalid key: <the key>".
    private static ApiError WithoutKeys(ApiError error, ClientOptions options)
    {
        return error with
        {
            Title = Clean(error.Title),
            Detail = Clean(error.Detail),
            Status = Clean(error.Status),
            Pointer = Clean(error.Pointer),
            Parameter = Clean(error.Parameter),
            Header = Clean(error.Header),
        };

        string? Clean(string? text) => text is null ? null : options.WithoutKeys(text);
    }
}
