using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Shows the profiles of this session; keys by their last four characters.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsConfig")]
[OutputType(typeof(SessionProfile))]
public sealed class GetLlmObsConfigCommand : LlmObsCmdlet
{
    private ConnectionException? _problem;

    /// <summary>The profiles, with wildcards; by default all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[]? ProfileName { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // One variable that can't be used is one error, however many profiles would take it.
        if (_problem is not null)
        {
            WriteError(_problem.Error);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ProfileName is null)
        {
            WriteObject(Profiles(), enumerateCollection: true);
            return;
        }

        foreach (string name in ProfileName)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                WriteObject(Profiles().Where(profile => pattern.IsMatch(profile.ProfileName)), enumerateCollection: true);
            }
            else if (Profiles().FirstOrDefault(profile => string.Equals(profile.ProfileName, name, StringComparison.OrdinalIgnoreCase)) is SessionProfile profile)
            {
                WriteObject(profile);
            }
            else
            {
                WriteError(Failures.ProfileNotFound(name, SessionProfiles.Names));
            }
        }
    }

    // What calls are made with: the default profile needs nothing but the environment.
    private IEnumerable<SessionProfile> Profiles()
    {
        List<SessionProfile> shown = [.. SessionProfiles.All.Select(WithEnvironment)];
        if (SessionProfiles.Find(SessionProfile.DefaultName) is null
            && WithEnvironment(new SessionProfile(SessionProfile.DefaultName)) is { FromEnvironment.Count: > 0 } ofEnvironment)
        {
            shown.Add(ofEnvironment);
        }

        return shown.OrderBy(profile => profile.ProfileName, StringComparer.OrdinalIgnoreCase);
    }

    private SessionProfile WithEnvironment(SessionProfile profile)
    {
        try
        {
            return Connection.WithEnvironment(profile);
        }
        catch (ConnectionException e)
        {
            _problem ??= e;
            return profile;
        }
    }
}
