using System.Management.Automation;

namespace LlmObs.Module.Tests.HelpTool;

/// <summary>A cmdlet with one of everything that help is made of. It never runs.</summary>
[Cmdlet(VerbsCommon.Get, "SampleThing", SupportsShouldProcess = true, SupportsPaging = true, DefaultParameterSetName = "ByName")]
[OutputType(typeof(Uri))]
public sealed class GetSampleThingCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByName", ValueFromPipeline = true)]
    [SupportsWildcards]
    public string Name { get; set; } = string.Empty;

    [Parameter(Mandatory = true, ParameterSetName = "ById", ValueFromPipelineByPropertyName = true)]
    [Alias("thing_id", "Key")]
    public long? Id { get; set; }

    [Parameter]
    [ValidateRange(1, 500)]
    public int Count { get; set; } = 25;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Least { get; set; }

    [Parameter]
    [ValidateSet("up", "down")]
    public string[] Order { get; set; } = ["up"];

    [Parameter]
    public object? Sign { get; set; } = new();
}
