namespace LlmObs.PowerShell.Completion;

/// <summary>Completes the names of this session's profiles.</summary>
public sealed class ProfileNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SessionProfiles.All.Select(profile => new CompletionWord(profile.ProfileName, profile.BaseUri?.AbsoluteUri ?? profile.Site ?? "site from DD_SITE"));
}
