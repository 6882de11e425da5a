namespace LlmObs.Emulator.Settings;

/// <summary>The keys that an emulator asks for; where none is named, it takes any or none.</summary>
public sealed record EmulatorKeys
{
    /// <summary>The API key; null for any or none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>The application key; null for any or none.</summary>
    public Secret? AppKey { get; init; }

    /// <summary>
    /// The personal or service access token that is taken in the place of the keys; null for none. As Datadog does, it is
    /// taken from <c>Authorization: Bearer</c> and from <c>DD-APPLICATION-KEY</c>.
    /// </summary>
    public Secret? AccessToken { get; init; }
}
