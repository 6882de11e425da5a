using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Lists the emulators of this session and their contents.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsEmulator")]
[OutputType(typeof(EmulatorInfo))]
public sealed class GetLlmObsEmulatorCommand : LlmObsCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteObject(RunningEmulators.All.Select(emulator => emulator.ToInfo()), enumerateCollection: true);
}
