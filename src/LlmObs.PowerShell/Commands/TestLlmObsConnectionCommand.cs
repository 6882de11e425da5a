using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Tests a profile's site and keys, and reports which of them fails. Nothing is written.</summary>
[Cmdlet(VerbsDiagnostic.Test, "LlmObsConnection", DefaultParameterSetName = ByName)]
[OutputType(typeof(ConnectionTest), typeof(bool))]
public sealed class TestLlmObsConnectionCommand : LlmObsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "Object";

    /// <summary>The profiles to test.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[] ProfileName { get; set; } = [SessionProfile.DefaultName];

    /// <summary>Profiles from Get-LlmObsConfig: no other object decides whose keys are sent.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public SessionProfile? InputObject { get; set; }

    /// <summary>Writes true or false instead of the result.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in InputObject is null ? ProfileName : [InputObject.ProfileName])
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
        var probe = new ConnectionProbe(connection.ToOptions(TimeProvider.System), connection.NeedsKeys);
        ConnectionTest result = Bridge.Await(token => probe.RunAsync(name, new VerboseObserver(Bridge), token));
        if (RunningEmulators.At(connection.BaseUri) is RunningEmulator emulator)
        {
            result = result with { IsEmulator = true };
            if (!emulator.ChecksKeys)
            {
                result = result with { ApiKey = Unchecked(result.ApiKey), AppKey = Unchecked(result.AppKey), AccessToken = Unchecked(result.AccessToken) };
            }
        }

        return result is { Failure: FailureKind failure, RecommendedAction: null }
            ? result with { RecommendedAction = Failures.Advice(failure) }
            : result;
    }

    private static CredentialState Unchecked(CredentialState state) => state == CredentialState.Valid ? CredentialState.NotChecked : state;
}
