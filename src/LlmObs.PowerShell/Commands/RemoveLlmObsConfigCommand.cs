using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Forgets profiles and their keys.</summary>
[Cmdlet(VerbsCommon.Remove, "LlmObsConfig", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveLlmObsConfigCommand : LlmObsCmdlet
{
    /// <summary>The profiles, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[] ProfileName { get; set; } = [SessionProfile.DefaultName];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in ProfileName)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            SessionProfile[] found = [.. SessionProfiles.All.Where(profile => pattern.IsMatch(profile.ProfileName))];
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Failures.ProfileNotFound(name, SessionProfiles.Names));
            }

            foreach (SessionProfile profile in found)
            {
                if (ShouldProcess($"profile '{profile.ProfileName}'", "Remove"))
                {
                    SessionProfiles.Remove(profile.ProfileName);
                }
            }
        }
    }
}
