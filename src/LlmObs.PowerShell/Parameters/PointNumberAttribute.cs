using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// For parameters that are numbers and take text, as piped cells of a table: PowerShell itself would read <c>0,9</c> as 9.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PointNumberAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text ? inputData
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw new ArgumentTransformationMetadataException($"'{HostSafeText.OneLine(text)}' is no number with a point as decimal mark and no other mark.");
}
