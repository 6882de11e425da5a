using System.Management.Automation;
using LlmObs.Client;
using LlmObs.PowerShell.Binding;
using LlmObs.PowerShell.Pipeline;
using LlmObs.PowerShell.Session;

namespace LlmObs.PowerShell.Commands;

/// <summary>Tests whether a profile's site and keys are good, and says which of them is not. Nothing is written.</summary>
[Cmdlet(VerbsDiagnostic.Test, "LlmObsConnection")]
[OutputType(typeof(ConnectionTest), typeof(bool))]
public sealed class TestLlmObsConnectionCommand : LlmObsCmdlet
{
    /// <summary>The profiles to test; those of Get-LlmObsConfig can be piped.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[] ProfileName { get; set; } = [SessionProfile.DefaultName];

    /// <summary>Writes true or false instead of the result.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in ProfileName)
        {
            try
            {
                Connection connection = Connection.Of(name);
                ConnectionTest result = Run(name, connection);
                WriteObject(Quiet ? result.IsSuccess : result);
            }
            catch (ConnectionException e)
            {
                WriteError(e.Error);
                if (Quiet)
                {
                    WriteObject(false);
                }
            }
        }
    }

    private ConnectionTest Run(string name, Connection connection)
    {
        var probe = new ConnectionProbe(connection.ToOptions(), connection.NeedsKeys);
        ConnectionTest result = Bridge.Await(token => probe.RunAsync(name, new VerboseObserver(Bridge), token));
        return result is { Failure: FailureKind failure, RecommendedAction: null }
            ? result with { RecommendedAction = Failures.Advice(failure) }
            : result;
    }
}
