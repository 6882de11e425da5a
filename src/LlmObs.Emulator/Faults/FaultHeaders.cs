using System.Collections;
using System.Globalization;

namespace LlmObs.Emulator.Faults;

/// <summary>
/// The headers of a fault's answer. A value that is a list is sent as often as it has items, each on a line of its own.
/// </summary>
internal static class FaultHeaders
{
    /// <summary>What the transport writes itself; other values would break the answer.</summary>
    private static readonly string[] Reserved = ["Content-Length", "Transfer-Encoding", "Connection", "Date"];

    public static List<KeyValuePair<string, string>> Lines(Hashtable headers)
    {
        var lines = new List<KeyValuePair<string, string>>();
        foreach (DictionaryEntry header in headers)
        {
            string name = Text(header.Key);
            if (header.Value is IEnumerable values and not string)
            {
                foreach (object? value in values)
                {
                    lines.Add(new(name, Text(value)));
                }
            }
            else
            {
                lines.Add(new(name, Text(header.Value)));
            }
        }

        return lines;
    }

    public static string? Objection(Hashtable headers)
    {
        foreach ((string name, string value) in Lines(headers))
        {
            if (name.Length == 0 || !name.All(IsNameCharacter) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return $"'{name}' is not a header that can be set.";
            }

            if (value.Any(char.IsControl))
            {
                return $"the value of '{name}' has a control character.";
            }
        }

        return null;
    }

    private static bool IsNameCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
}
