namespace LlmObs.Emulator.Http;

/// <summary>Compares the keys of requests with the required ones.</summary>
internal sealed class KeyCheck(EmulatorKeys keys)
{
    private const string Scheme = "Bearer ";

    // A token alone leaves no keys that would be right; nothing at all leaves none that would be wrong.
    private readonly bool _takesKeys = keys.AccessToken is null || (keys.ApiKey ?? keys.AppKey) is not null;

    /// <summary>The reason why a request is not served; null if it is.</summary>
    /// <param name="apiKeyIsEnough">True if the operation requires only the API key.</param>
    public Problem? Check(HeaderList headers, bool apiKeyIsEnough)
    {
        bool isApiKey = _takesKeys && Is(headers["DD-API-KEY"], keys.ApiKey);
        bool isServed = apiKeyIsEnough ? isApiKey : IsToken(headers) || (isApiKey && Is(headers["DD-APPLICATION-KEY"], keys.AppKey));
        bool bringsAny = (headers["DD-API-KEY"] ?? headers["DD-APPLICATION-KEY"] ?? headers["Authorization"]) is not null;
        return isServed ? null : bringsAny ? new Problem(403, "Forbidden") { IsPlain = true } : new Problem(401, "Unauthorized") { IsPlain = true };
    }

    private static bool Is(string? sent, Secret? expected) => expected is null || sent == expected.Reveal();

    private bool IsToken(HeaderList headers) => keys.AccessToken is { } token
        && (headers["Authorization"] == Scheme + token.Reveal() || headers["DD-APPLICATION-KEY"] == token.Reveal());
}
