using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>The author of everything that the emulator holds: it knows no users, and takes any keys.</summary>
internal static class EmulatorUser
{
    private const string Id = "00000000-0000-4000-8000-000000000001";

    /// <summary>Writes the member <c>author</c> with the id alone, as datasets and records have it.</summary>
    public static void WriteId(Utf8JsonWriter json)
    {
        json.WriteStartObject("author");
        json.WriteString("id", Id);
        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>author</c>.</summary>
    public static void Write(Utf8JsonWriter json) => Write(json, "author");

    /// <summary>Writes the user as a member.</summary>
    public static void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("id", Id);
        json.WriteString("name", "Emulator User");
        json.WriteString("email", "user@emulator.invalid");
        json.WriteString("handle", "user@emulator.invalid");
        json.WriteEndObject();
    }
}
