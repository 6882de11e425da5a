using System.Management.Automation;

namespace LlmObs.Bench.Cmdlets;

/// <summary>Accepts objects and does nothing with them.</summary>
[Cmdlet(VerbsCommon.Skip, "BenchObject")]
public sealed class SkipBenchObjectCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;
}

/// <summary>Accepts objects and reads name and value of each property, with PowerShell's public API.</summary>
[Cmdlet(VerbsCommunications.Read, "BenchObject")]
public sealed class ReadBenchObjectCommand : PSCmdlet
{
    private long _characters;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    protected override void ProcessRecord()
    {
        foreach (PSPropertyInfo property in InputObject.Properties)
        {
            _characters += property.Name.Length + (property.Value is string text ? text.Length : 0);
        }
    }

    protected override void EndProcessing() => WriteObject(_characters);
}
