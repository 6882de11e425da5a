using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>The names of members, each made once: those of a list's items are the same again and again.</summary>
public static class PropertyNames
{
    private const int LongestName = 64;
    private const int Places = 512;

    // By hash. A name takes the place of another with the same hash; so what is held is limited, whatever an answer contains.
    private static readonly string?[] Known = new string?[Places];

    /// <summary>The name of a member.</summary>
    /// <param name="property">The member.</param>
    /// <returns>Its name, unescaped.</returns>
    /// <exception cref="InvalidOperationException">It holds text that is not Unicode.</exception>
    public static string Of(JsonProperty property)
    {
        ReadOnlySpan<byte> name = JsonMarshal.GetRawUtf8PropertyName(property);
        if (name.Length > LongestName || name.Contains((byte)'\\'))
        {
            return property.Name;
        }

        uint hash = 2166136261; // FNV-1a
        foreach (byte one in name)
        {
            hash = (hash ^ one) * 16777619;
        }

        ref string? known = ref Known[hash % Places];
        string? found = known; // another thread may put another name there
        return found is not null && Ascii.Equals(name, found) ? found : known = property.Name;
    }
}
