using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Shows the profiles of this session; keys by their last four characters.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsConfig")]
[OutputType(typeof(SessionProfile))]
public sealed class GetLlmObsConfigCommand : LlmObsCmdlet
{
    /// <summary>Which profiles; wildcards are allowed. All where it is not given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[]? ProfileName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ProfileName is null)
        {
            WriteObject(ProfileTable.All, enumerateCollection: true);
            return;
        }

        foreach (string name in ProfileName)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                WriteObject(ProfileTable.All.Where(profile => pattern.IsMatch(profile.ProfileName)), enumerateCollection: true);
            }
            else if (ProfileTable.Find(name) is SessionProfile profile)
            {
                WriteObject(profile);
            }
            else
            {
                WriteError(ProfileErrors.NotFound(name));
            }
        }
    }
}
