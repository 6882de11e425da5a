using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>Reads scalars of answers without insisting on the type that the documents promise.</summary>
internal static class LenientJson
{
    /// <summary>Text; a number or a boolean as it is written; null for everything else.</summary>
    public static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    /// <summary>A whole number, also one written as text or as 3.0; null for everything else.</summary>
    public static long? Integer(JsonElement element)
    {
        string? text = Text(element);
        if (long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        return decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out decimal number)
            && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;
    }

    /// <summary>The whole number next to a number; null for everything else.</summary>
    public static long? Rounded(JsonElement element) =>
        decimal.TryParse(Text(element), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out decimal number)
        && number is >= long.MinValue and <= long.MaxValue ? (long)decimal.Round(number, MidpointRounding.AwayFromZero) : null;

    /// <summary>A number, also one written as text; null for everything else.</summary>
    public static double? Number(JsonElement element) =>
        double.TryParse(Text(element), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : null;

    /// <summary>True or false, also written as text; null for everything else.</summary>
    public static bool? Boolean(JsonElement element) => bool.TryParse(Text(element), out bool value) ? value : null;
}
