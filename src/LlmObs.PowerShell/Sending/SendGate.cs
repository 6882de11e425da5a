namespace LlmObs.PowerShell.Sending;

/// <summary>
/// Asks before events are sent, if -WhatIf, -Confirm or the session's preferences require it. Under -WhatIf the whole input is still
/// read, to find its errors: one request is shown as an example, and the others are counted.
/// </summary>
/// <param name="cmdlet">Asks.</param>
/// <param name="describe">A batch's request in words.</param>
internal sealed class SendGate(LlmObsCmdlet cmdlet, Func<ReadyBatch, string> describe)
{
    private readonly bool _isWhatIf = cmdlet.IsWhatIf;
    private bool _hasShown;
    private long _requestsNotShown;
    private long _eventsNotShown;

    /// <summary>True if a batch is to be sent.</summary>
    public bool Allows(ReadyBatch batch)
    {
        if (_isWhatIf && _hasShown)
        {
            _requestsNotShown++;
            _eventsNotShown += batch.Count;
            return false;
        }

        _hasShown = true;
        return cmdlet.ShouldSend(() => describe(batch), "Send events");
    }

    /// <summary>Says how many requests were not shown.</summary>
    public void ShowRest()
    {
        if (_requestsNotShown > 0)
        {
            cmdlet.ShouldProcess($"and {_requestsNotShown} more requests with {_eventsNotShown} events", string.Empty, string.Empty);
        }
    }
}
