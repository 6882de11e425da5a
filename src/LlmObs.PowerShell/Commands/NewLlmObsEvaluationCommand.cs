using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Makes an evaluator's result that has more than a value.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsEvaluation")]
[OutputType(typeof(EvaluationResult))]
public sealed class NewLlmObsEvaluationCommand : LlmObsCmdlet
{
    /// <summary>The value: a boolean, a number, text or an object.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? Value { get; set; }

    /// <summary>The reason for the value.</summary>
    [Parameter]
    public string? Reasoning { get; set; }

    /// <summary>The verdict: pass or fail.</summary>
    [Parameter]
    [ValidateSet(MetricAssessment.Pass, MetricAssessment.Fail)]
    public string? Assessment { get; set; }

    /// <summary>Any other data: a hashtable or an object.</summary>
    [Parameter]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>Tags of the metric, each as key:value.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(new EvaluationResult
    {
        Value = Value,
        Reasoning = Reasoning,
        Assessment = Assessment?.ToLowerInvariant(),
        Metadata = Metadata,
        Tags = Tag,
    });
}
