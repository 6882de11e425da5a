namespace LlmObs;

/// <summary>Whether requests of a profile would reach the service, and be taken there.</summary>
public sealed record ConnectionTest
{
    /// <summary>The profile.</summary>
    public required string ProfileName { get; init; }

    /// <summary>The API's address.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>Whether an emulator of this session answered, and not the service.</summary>
    public bool IsEmulator { get; init; }

    /// <summary>Whether everything is as it has to be.</summary>
    public bool IsSuccess => Failure is null && Problem is null;

    /// <summary>Whether the service answered at all.</summary>
    public bool IsReachable { get; init; }

    /// <summary>The API key.</summary>
    public CredentialState ApiKey { get; init; }

    /// <summary>The application key.</summary>
    public CredentialState AppKey { get; init; }

    /// <summary>The access token.</summary>
    public CredentialState AccessToken { get; init; }

    /// <summary>Whether LLM Observability may be read; null where the test did not come this far.</summary>
    public bool? IsPermitted { get; init; }

    /// <summary>Why a request failed; null where none did.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>What is wrong, in a sentence; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it; null where nothing is to be done.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>How many requests were sent.</summary>
    public int RequestCount { get; init; }

    /// <summary>How long the quickest request took, from sending to the last byte of its answer; null where none was answered.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>How long the whole test took.</summary>
    public TimeSpan Elapsed { get; init; }
}

/// <summary>What is known of a key or a token after a test.</summary>
public enum CredentialState
{
    /// <summary>It was not needed: a token takes the place of keys, keys that of a token, and the emulator needs none.</summary>
    NotNeeded,

    /// <summary>None is known.</summary>
    Missing,

    /// <summary>The test did not come this far.</summary>
    NotTested,

    /// <summary>The service takes it.</summary>
    Valid,

    /// <summary>The service refuses it: it is wrong, expired, revoked, or of another site.</summary>
    Refused,

    /// <summary>It was sent to an emulator that asks for no keys and takes any: whether it is good is not known.</summary>
    NotChecked,
}
