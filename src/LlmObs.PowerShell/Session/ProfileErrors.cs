using System.Management.Automation;

namespace LlmObs.PowerShell.Session;

/// <summary>What is said of profiles that are not there.</summary>
internal static class ProfileErrors
{
    public static ErrorRecord NotFound(string name)
    {
        string[] names = [.. SessionProfiles.All.Select(profile => profile.ProfileName)];
        string known = string.Join(", ", names.Select(one => $"'{one}'"));
        return Failures.Record(
            $"There is no profile '{name}'.{NearestWord.Ask(name, names)}" + (known.Length > 0 ? $" Known are {known}." : string.Empty),
            "ProfileNotFound",
            ErrorCategory.ObjectNotFound,
            name,
            $"Make it with: Set-LlmObsConfig -ProfileName {name}");
    }
}
