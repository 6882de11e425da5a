using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// For parameters that are no free text (numbers, a choice of words) and take piped properties: PowerShell repeats a value
/// that it can't bind in its error, so the value is made harmless first. No valid value is changed by that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal class PlainTextAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text ? ShownText.OneLine(text) : inputData;
}
