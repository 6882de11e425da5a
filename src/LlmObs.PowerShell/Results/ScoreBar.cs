using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Results;

/// <summary>Draws a score between 0 and 1 as a bar, for terminals.</summary>
internal static class ScoreBar
{
    private const int Cells = 10;
    private const string Colour = "\e[36m"; // of the sixteen that every terminal has, and says neither good nor bad
    private const string Rest = "\e[90m";
    private const string Reset = "\e[0m";
    private static readonly char[] Eighths = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

    /// <summary>
    /// True if output is shown in colours: on a terminal, not redirected, and $PSStyle is not set to plain
    /// text, as it is if NO_COLOR is set.
    /// </summary>
    /// <param name="isTerminal">True if the host understands escape sequences.</param>
    /// <param name="style">The session's $PSStyle; null if it has none.</param>
    public static bool IsWanted(bool isTerminal, object? style)
    {
#pragma warning disable RS0030 // The host does not know whether its output goes to a file.
        if (Console.IsOutputRedirected || !isTerminal)
        {
            return false;
        }
#pragma warning restore RS0030

        object? rendering = style is null ? null : PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value;
        return rendering is not null && !string.Equals(rendering.ToString(), "PlainText", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The bar of a value; null if it is no score between 0 and 1.</summary>
    public static string? Draw(object? value)
    {
        if (value is not (double or float or decimal or long or int) || Convert.ToDouble(value, CultureInfo.InvariantCulture) is not (>= 0 and <= 1 and double score))
        {
            return null;
        }

        int eighths = (int)Math.Round(score * Cells * 8);
        string full = new('█', eighths / 8);
        string part = eighths % 8 == 0 ? string.Empty : Eighths[eighths % 8].ToString();
        return $"{Colour}{full}{part}{Rest}{new string('·', Cells - full.Length - part.Length)}{Reset}";
    }
}
