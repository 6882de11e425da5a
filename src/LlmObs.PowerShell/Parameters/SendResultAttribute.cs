using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>Accepts the result of a send after it passed through Clixml, JSON or a job, and lost its type there.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SendResultAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        PSObject one when TryRead(one) is SendResult result => result,
        object[] several => several.Select(one => one is PSObject wrapped && TryRead(wrapped) is SendResult result ? result : one).ToArray(),
        _ => inputData,
    };

    private static SendResult? TryRead(PSObject from)
    {
        if (from.BaseObject is not PSCustomObject
            || Value(from, nameof(SendResult.ExperimentId)) is not string { Length: > 0 } experiment
            || Count(from, nameof(SendResult.MetricCount)) is not long metrics
            || Count(from, nameof(SendResult.FailedCount)) is not long failed)
        {
            return null;
        }

        IEnumerable<PSObject> labels = Value(from, nameof(SendResult.Labels)) is IEnumerable list and not string ? list.OfType<object>().Select(PSObject.AsPSObject) : [];
        return new SendResult
        {
            ExperimentId = experiment,
            MetricCount = metrics,
            FailedCount = failed,
            Labels = [.. labels.Where(label => Value(label, nameof(LabelCount.Label)) is string).Select(label => new LabelCount
            {
                Label = (string)Value(label, nameof(LabelCount.Label))!,
                ValueCount = Count(label, nameof(LabelCount.ValueCount)) ?? 0,
                MissingCount = Count(label, nameof(LabelCount.MissingCount)) ?? 0,
            })],
        };
    }

    private static object? Value(PSObject from, string name) => from.Properties[name]?.Value is PSObject wrapped ? wrapped.BaseObject : from.Properties[name]?.Value;

    private static long? Count(PSObject from, string name) =>
        LanguagePrimitives.TryConvertTo(Value(from, name), out long? count) ? count : null;
}
