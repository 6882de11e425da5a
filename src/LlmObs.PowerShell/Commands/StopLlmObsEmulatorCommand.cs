using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Stops emulators of this session, and puts the base addresses of their profiles back.</summary>
[Cmdlet(VerbsLifecycle.Stop, "LlmObsEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class StopLlmObsEmulatorCommand : LlmObsCmdlet
{
    /// <summary>The emulator on this port; all of them if it is not given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [PlainText]
    [ValidateRange(1, 65535)]
    public int[]? Port { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<RunningEmulator> running = RunningEmulators.All;
        foreach (int port in Port ?? [])
        {
            if (running.All(emulator => emulator.Server.Port != port))
            {
                WriteError(Failures.EmulatorNotFound(port));
            }
        }

        foreach (RunningEmulator emulator in running.Where(emulator => Port is null || Port.Contains(emulator.Server.Port)))
        {
            if (ShouldProcess(emulator.Server.BaseUri.AbsoluteUri, "Stop emulator") && RunningEmulators.Remove(emulator))
            {
                Bridge.Await(_ => emulator.Server.DisposeAsync().AsTask());
            }
        }
    }
}
