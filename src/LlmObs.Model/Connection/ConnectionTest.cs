namespace LlmObs;

/// <summary>The result of a connection test: it shows if a profile's requests reach the service and are accepted there.</summary>
public sealed record ConnectionTest
{
    /// <summary>The profile.</summary>
    public required string ProfileName { get; init; }

    /// <summary>The API's address.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>True if an emulator of this session answered instead of the service.</summary>
    public bool IsEmulator { get; init; }

    /// <summary>True if everything works.</summary>
    public bool IsSuccess => Failure is null && Problem is null;

    /// <summary>True if the service answered at all.</summary>
    public bool IsReachable { get; init; }

    /// <summary>The API key.</summary>
    public CredentialState ApiKey { get; init; }

    /// <summary>The application key.</summary>
    public CredentialState AppKey { get; init; }

    /// <summary>The access token.</summary>
    public CredentialState AccessToken { get; init; }

    /// <summary>True if the keys may read LLM Observability; null if the test did not come this far.</summary>
    public bool? IsPermitted { get; init; }

    /// <summary>The kind of failure of a request; null if none failed.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>The problem, in a sentence; null if there is none.</summary>
    public string? Problem { get; init; }

    /// <summary>The advice; null if nothing needs to be done.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>The number of requests that were sent.</summary>
    public int RequestCount { get; init; }

    /// <summary>The duration of the quickest request, from sending to the last byte of its answer; null if none was answered.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The duration of the whole test.</summary>
    public TimeSpan Elapsed { get; init; }
}

/// <summary>The state of a key or a token after a test.</summary>
public enum CredentialState
{
    /// <summary>Not needed: a token replaces keys, keys replace a token, and the emulator needs none.</summary>
    NotNeeded,

    /// <summary>None is known.</summary>
    Missing,

    /// <summary>The test did not come this far.</summary>
    NotTested,

    /// <summary>The service takes it.</summary>
    Valid,

    /// <summary>The service refuses it: it is wrong, expired, revoked, or of another site.</summary>
    Refused,

    /// <summary>Sent to an emulator that requires no keys and accepts any: unknown if it is good.</summary>
    NotChecked,
}
