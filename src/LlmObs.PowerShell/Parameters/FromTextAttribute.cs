using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// Lets the cells of a CSV file bind to parameters that are not text: a blank cell is "not given" (PowerShell would make 0
/// of it), and <c>true</c> and <c>false</c> are parsed as words.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FromTextAttribute : PlainTextAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is not string text ? inputData
            : string.IsNullOrWhiteSpace(text) ? null
            : bool.TryParse(text, out bool flag) ? flag
            : base.Transform(engineIntrinsics, text);
    }
}

/// <summary>
/// For parameters that are no free text (numbers, a choice of words) and take piped properties: PowerShell repeats a value
/// that it can't bind in its error, so the value is made harmless first. No valid value is changed by that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal class PlainTextAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text ? HostSafeText.OneLine(text) : inputData;
}

/// <summary>
/// For parameters that are numbers and take text, as piped cells of a table: PowerShell itself would read <c>0,9</c> as 9.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PointNumberAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text ? inputData
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw new ArgumentTransformationMetadataException($"'{HostSafeText.OneLine(text)}' is not a number with a decimal point and no other separators.");
}

/// <summary>Compares names as a user expects: the service knows no wildcards, and may return more than the exact name.</summary>
internal static class NamePatterns
{
    /// <summary>True if something has the very name; case does not matter.</summary>
    public static Func<T, bool> Exactly<T>(string name, Func<T, string?> nameOf) =>
        item => string.Equals(nameOf(item), name, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if something's name is matched by any of the patterns; null, for all, if there are none.</summary>
    public static Func<T, bool>? Any<T>(IReadOnlyList<string> patterns, Func<T, string?> nameOf)
    {
        WildcardPattern[] wanted = [.. patterns.Select(pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase))];
        return wanted.Length == 0 ? null : item => wanted.Any(pattern => pattern.IsMatch(nameOf(item) ?? string.Empty));
    }
}
