using System.Text.RegularExpressions;

namespace LlmObs.Client.RoundTrip;

/// <summary>
/// Finds text that replaced an object: Export-Csv writes an object's type, or <c>@{name=value}</c>, from which
/// the object can't be restored.
/// </summary>
internal static partial class StringifiedObjects
{
    private const int LongestType = 200;

    private static readonly EventField[] FreeFormFields =
        [EventField.Input, EventField.Output, EventField.ExpectedOutput, EventField.Metadata, EventField.JsonValue, EventField.Meta, EventField.Tags];

    /// <exception cref="EventRowException">A field of the row is such a text.</exception>
    public static void Refuse(EventRow row)
    {
        foreach (EventField field in FreeFormFields)
        {
            Cell cell = row.Get(field);
            if (cell.Kind is CellKind.Utf8 or CellKind.Text && cell.TryGetText(out string text) && IsFlattened(text))
            {
                throw EventRowException.For(field, $"is {cell.ToString()}, which replaces an object that a table of text can't hold; save events with ConvertTo-Json instead of Export-Csv, or leave the column out");
            }
        }
    }

    private static bool IsFlattened(string text) =>
        (text.StartsWith("@{", StringComparison.Ordinal) && text.EndsWith('}') && Members().IsMatch(text))
        || (text.Length <= LongestType && text.StartsWith("System.", StringComparison.Ordinal) && Types().IsMatch(text));

    // As PowerShell shows a custom object: no blanks around the equals sign, as people write hashtables.
    [GeneratedRegex(@"\A@\{[^=\s][^=]*=(?!\s)", RegexOptions.CultureInvariant)]
    private static partial Regex Members();

    [GeneratedRegex(@"\ASystem\.(?:\w+\[\]|Collections\.\S.*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Types();
}
