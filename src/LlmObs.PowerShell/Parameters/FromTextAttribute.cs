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
