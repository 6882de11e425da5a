using System.Text.Json;

namespace LlmObs.Emulator.Paging;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="After">The cursor of the page behind it; null for the last page.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? After)
{
    /// <summary>Writes the member <c>meta</c>.</summary>
    public void WriteMeta(Utf8JsonWriter json, EmulatorListEnd end)
    {
        if (After is null && end == EmulatorListEnd.NoMeta)
        {
            return;
        }

        json.WriteStartObject("meta");
        if (After is not null)
        {
            json.WriteString("after", After);
        }
        else if (end == EmulatorListEnd.Empty)
        {
            json.WriteString("after", string.Empty);
        }
        else if (end == EmulatorListEnd.Null)
        {
            json.WriteNull("after");
        }

        json.WriteEndObject();
    }
}
