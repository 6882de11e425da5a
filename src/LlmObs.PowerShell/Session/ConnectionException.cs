using System.Management.Automation;

namespace LlmObs.PowerShell.Session;

/// <summary>The settings of a call can't be used.</summary>
internal sealed class ConnectionException(ErrorRecord error) : Exception(error.ErrorDetails.Message)
{
    public ErrorRecord Error { get; } = error;
}
