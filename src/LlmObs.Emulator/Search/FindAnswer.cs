using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>Writes what was found, kind by kind.</summary>
internal static class FindAnswer
{
    /// <summary>The whole answer.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="found">What was found.</param>
    /// <param name="writeMeta">Writes the member <c>meta</c>.</param>
    public static byte[] Write(FindRequest request, IReadOnlyList<FoundEntity> found, Action<Utf8JsonWriter> writeMeta) => ResourceDocument.Write(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("data");
        ResourceDocument.WriteResource(json, Guid.NewGuid().ToString(), "experimentation", () =>
        {
            foreach (string scope in request.Scopes.Distinct())
            {
                json.WriteStartArray(scope);
                foreach (FoundEntity entity in found.Where(entity => entity.Scope == scope))
                {
                    json.WriteRawValue(entity.Json, skipInputValidation: true);
                }

                json.WriteEndArray();
            }
        });
        writeMeta(json);
        json.WriteEndObject();
    });
}
