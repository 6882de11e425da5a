using System.Text.Json;

namespace LlmObs.Emulator.Json;

/// <summary>Opens a request's body and hands out its attributes while it is open.</summary>
internal static class BodyReader
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="types">The types that <c>data.type</c> may name.</param>
    /// <param name="read">Reads the attributes; what it keeps of them it must copy.</param>
    /// <returns>The problem; null where there is none.</returns>
    public static Problem? Read(byte[] body, IReadOnlyList<string> types, Func<JsonFields, Problem?> read)
    {
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, types, out JsonFields attributes) ?? read(attributes);
        }
    }
}
