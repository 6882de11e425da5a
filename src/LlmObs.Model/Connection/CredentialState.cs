namespace LlmObs;

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
