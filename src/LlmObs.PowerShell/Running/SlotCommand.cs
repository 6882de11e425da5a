using System.Management.Automation;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// The one command that a slot's pipeline consists of: it runs row after row inside of it. A pipeline of its own for each row
/// would cost a hundred times what a small task does, and within one, whatever a task waits for ends with the pipeline.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, Noun)]
internal sealed class SlotCommand : PSCmdlet
{
    public const string Noun = "LlmObsSlot";
    public const string Name = VerbsLifecycle.Invoke + "-" + Noun;

    [Parameter(Mandatory = true)]
    public TaskSlot? Slot { get; set; }

    protected override void ProcessRecord() => Slot!.RunRows();
}
