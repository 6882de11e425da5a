using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// Lets the cells of a CSV file bind to parameters that are no text: a blank cell is "not given" (PowerShell would make 0
/// of it), and <c>true</c> and <c>false</c> are words for what they say.
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
