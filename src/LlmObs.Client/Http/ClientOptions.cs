namespace LlmObs.Client.Http;

/// <summary>A client's address, credentials, time limits and retries.</summary>
public sealed record ClientOptions
{
    /// <summary>The shortest time limit of an attempt.</summary>
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest time limit of an attempt.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    /// <summary>The API's address; https, or http on a loopback address.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>The API key; the emulator needs none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>The application key; the emulator needs none.</summary>
    public Secret? AppKey { get; init; }

    /// <summary>A personal or service access token, instead of the two keys; never together with them.</summary>
    public Secret? AccessToken { get; init; }

    /// <summary>The longest time of one attempt, from connecting to the last byte of the answer: 10 milliseconds to a day.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most retries of a request; 0 for none.</summary>
    public int MaxRetryCount { get; init; } = 5;

    /// <summary>An HTTP proxy; null for the system's.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Converts free-form values to JSON and back.</summary>
    public HostObjectJson FreeForm { get; init; } = HostObjectJson.Default;

    /// <summary>The clock of waits, time limits and generated timestamps.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The client's name in the User-Agent header.</summary>
    public string UserAgent { get; init; } = $"LlmObs/{typeof(ClientOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <exception cref="ArgumentOutOfRangeException">A value is none that a client can work with.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Timeout, ShortestTimeout, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Timeout, LongestTimeout, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRetryCount, nameof(MaxRetryCount));
    }

    /// <summary>The reason why an address can't be the base of requests that carry keys; null if it can.</summary>
    /// <returns>The reason in words, or null.</returns>
    public static string? UnsafeReason(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri)
        {
            return "it is not an absolute address";
        }

        if (address.UserInfo.Length > 0)
        {
            return "it carries a user name or password";
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            return "it has a query or a fragment";
        }

        return address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
            ? null
            : "keys are sent over https only; http is for loopback addresses, such as the emulator's";
    }

    /// <summary>
    /// Text without the keys and the token, which a service or a proxy may repeat in its answer, and without a password
    /// in the proxy's address, which .NET repeats. Every foreign text in an error or a log goes through this.
    /// </summary>
    /// <returns>The text, with three asterisks instead of each key.</returns>
    public string WithoutKeys(string text)
    {
        string left = MaskedText.Of(text, ApiKey, AppKey, AccessToken);
        return left.Contains('@', StringComparison.Ordinal) ? MaskedText.OfAddress(left, HttpClients.ProxyOf(this)) : left;
    }
}
