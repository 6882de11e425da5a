using LlmObs.Client;

namespace LlmObs.PowerShell.Pipeline;

/// <summary>Says each request and each retry as a line of -Verbose.</summary>
internal class VerboseObserver(PipelineBridge bridge) : IRequestObserver
{
    public void OnAttempt(RequestAttempt attempt) => bridge.Post(cmdlet => cmdlet.WriteVerbose(attempt.ToString()));
}
