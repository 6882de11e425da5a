using System.Text.Json;

namespace LlmObs.Emulator.Routes;

/// <summary>Refuses bodies for the word that they have for <c>data.type</c>, so that a client's fallbacks can be tried.</summary>
/// <param name="refused">The words.</param>
internal sealed class TypeRefusal(IReadOnlyList<string> refused)
{
    public Problem? Check(byte[] body)
    {
        if (refused.Count == 0 || body.Length == 0 || BodyJson.Parse(body, out JsonDocument? document) is not null)
        {
            return null;
        }

        using (document)
        {
            return document!.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("data", out JsonElement data)
                && data.ValueKind == JsonValueKind.Object
                && data.TryGetProperty("type", out JsonElement type)
                && type.ValueKind == JsonValueKind.String
                && refused.Contains(type.GetString()!)
                ? Problem.BadRequest($"The type '{type.GetString()}' is refused here.", "/data/type")
                : null;
        }
    }
}
