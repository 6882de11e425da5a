using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <summary>
/// What an error calls its target in one short line. Rows are others' objects: no code of theirs is run for it, and nothing
/// of them is gone through further than the line is long.
/// </summary>
internal static class ErrorTargetName
{
    private const int Longest = 40;

    public static string Name(object target)
    {
        string name = HostSafeText.OneLine(Short(Whole(target)));
        return name.Length <= Longest ? name : name[..(Longest - 1)] + "…";
    }

    private static string Whole(object target) => target switch
    {
        PSObject { BaseObject: PSCustomObject } row => Row(row),
        PSObject wrapped => Bare(wrapped.BaseObject),
        _ => Bare(target),
    };

    private static string Row(PSObject row)
    {
        var text = new System.Text.StringBuilder("@{");
        foreach (PSPropertyInfo property in row.Properties)
        {
            text.Append(text.Length > 2 ? "; " : string.Empty).Append(Short(property.Name)).Append('=');
            if (property is PSNoteProperty { Value: { } value })
            {
                text.Append(Short(Printed(value) ?? string.Empty));
            }

            if (text.Length > Longest)
            {
                break;
            }
        }

        return text.Append('}').ToString();
    }

    private static string Bare(object target) => Printed(target) ?? (target is FileSystemInfo file ? file.FullName : target.GetType().ToString());

    /// <summary>Text, numbers and the like; null for everything that is more.</summary>
    private static string? Printed(object value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        string text => text,
        Uri address => address.OriginalString,
        Experiment experiment => experiment.Id,
        DateTime or DateTimeOffset or TimeSpan or Guid or Enum or decimal => Convert.ToString(value, CultureInfo.InvariantCulture),
        var other when other.GetType().IsPrimitive => Convert.ToString(other, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Short(string text) => text.Length <= 2 * Longest ? text : text[..(2 * Longest)];
}
