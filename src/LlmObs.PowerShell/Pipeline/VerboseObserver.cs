using LlmObs.Client;

namespace LlmObs.PowerShell.Pipeline;

/// <summary>Says each request and each retry as a line of -Verbose, and with its headers under -Debug.</summary>
internal class VerboseObserver(PipelineBridge bridge) : IRequestObserver
{
    public void OnAttempt(RequestAttempt attempt) => bridge.Post(cmdlet =>
    {
        cmdlet.WriteVerbose(attempt.ToString());
        cmdlet.WriteDebug(attempt.ToDetails());
    });
}
