using System.Text.Json;

namespace LlmObs.Client.Api;

/// <content>Testing the connection.</content>
public sealed partial class LlmObsClient
{
    /// <summary>"Validate API key": looks at the API key alone; a wrong one is answered with 403.</summary>
    /// <returns>A call whose answer is true if the key is valid.</returns>
    public ApiCall<bool> ValidateApiKey() => Get(
        "api/v1/validate",
        root => ResourceJson.Member(root, "valid") switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => throw new FormatException("it does not say whether the key is 'valid'"),
        });

    /// <summary>"Validate API and application keys": both must be valid; otherwise it is answered with 401 or 403.</summary>
    public ApiCall<bool> ValidateKeys() => Get(
        "api/v2/validate_keys", root => root.ValueKind == JsonValueKind.Object ? true : throw new FormatException("it is no object"));
}
