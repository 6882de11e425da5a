using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Makes the result of a task that returns more than its output.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsTaskResult")]
[OutputType(typeof(TaskResult))]
public sealed class NewLlmObsTaskResultCommand : LlmObsCmdlet
{
    /// <summary>The output, any value that JSON can hold.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? Output { get; set; }

    /// <summary>Metadata of the row, in addition to the record's: a hashtable or an object.</summary>
    [Parameter]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>Tokens sent to a model.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? InputTokenCount { get; set; }

    /// <summary>Tokens got from a model.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? OutputTokenCount { get; set; }

    /// <summary>The cost, in US dollars.</summary>
    [Parameter]
    [FromText]
    public decimal? CostUsd { get; set; }

    /// <summary>Tags of the row, each as key:value.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(new TaskResult
    {
        Output = Output,
        Metadata = Metadata,
        InputTokenCount = InputTokenCount,
        OutputTokenCount = OutputTokenCount,
        CostUsd = CostUsd,
        Tags = Tag,
    });
}
