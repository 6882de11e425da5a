using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>The end of a command after an error: everything that was read is sent, and there is one error.</summary>
internal sealed class CommandEnding(bool isAtFirstError)
{
    private readonly List<ErrorRecord> _errors = [];
    private volatile bool _hasBegun;
    private bool _isTerminating;

    public bool HasBegun => _hasBegun;

    /// <summary>Called on another thread, before the error is taken: no further row is mapped.</summary>
    public void Announce(bool isLast)
    {
        if (isAtFirstError || isLast)
        {
            _hasBegun = true;
        }
    }

    /// <summary>On the pipeline thread.</summary>
    public void Take(LlmObsCmdlet cmdlet, ErrorRecord error, bool isLast)
    {
        Announce(isLast);
        _isTerminating |= isLast;
        if (_hasBegun)
        {
            _errors.Add(error);
        }
        else
        {
            cmdlet.WriteError(error);
        }
    }

    public void End(LlmObsCmdlet cmdlet, long accepted, RowPlace? last)
    {
        ErrorRecord error = Failures.Ended(_errors, accepted, last);
        if (!_isTerminating)
        {
            cmdlet.WriteError(error);
        }

        cmdlet.ThrowTerminatingError(error);
    }
}
