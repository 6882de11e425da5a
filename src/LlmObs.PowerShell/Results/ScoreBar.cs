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
    /// Whether output is shown by somebody who sees colours: a terminal, not redirected, and $PSStyle does not ask for plain
    /// text, as it does where NO_COLOR is set.
    /// </summary>
    public static bool IsWanted(PSCmdlet cmdlet)
    {
#pragma warning disable RS0030 // The host does not know whether its output goes to a file.
        if (Console.IsOutputRedirected || !cmdlet.Host.UI.SupportsVirtualTerminal)
        {
            return false;
        }
#pragma warning restore RS0030

        object? style = cmdlet.GetVariableValue("PSStyle");
        object? rendering = style is null ? null : PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value;
        return rendering is not null && !string.Equals(rendering.ToString(), "PlainText", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The bar of a value; null where it is no score between 0 and 1.</summary>
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
