namespace LlmObs.PowerShell.Cmdlets;

/// <summary>Says each request and each retry as a line of -Verbose, and with its headers under -Debug.</summary>
internal class VerboseObserver(AsyncPipelineBridge bridge) : IRequestObserver
{
    public bool WantsHeaders => bridge.ShowsDebug;

    public void OnAttempt(HttpAttemptInfo attempt)
    {
        if (bridge.ShowsVerbose)
        {
            bridge.Post(cmdlet => cmdlet.WriteVerbose(attempt.ToString()));
        }

        if (bridge.ShowsDebug)
        {
            bridge.Post(cmdlet => cmdlet.WriteDebug(attempt.ToDetails()));
        }
    }
}
