namespace LlmObs.PowerShell.Completion;

/// <summary>Completes the names of projects that this session has seen.</summary>
public sealed class ProjectNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        ResolvedNameCache.Seen(datasets: false).Select(one => new CompletionWord(one.Name, one.Id));
}

/// <summary>Completes the names of datasets that this session has seen.</summary>
public sealed class DatasetNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        ResolvedNameCache.Seen(datasets: true).Select(one => new CompletionWord(one.Name, one.Id));
}

/// <summary>Completes ids of experiments that this session has seen, by the id or the name.</summary>
public sealed class ExperimentIdCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SeenExperiments.All.Select(one => new CompletionWord(one.Id, one.Name ?? one.Id) { Shown = one.Name is null ? null : $"{one.Name} ({one.Id})", Alias = one.Name });
}

/// <summary>Completes the names of this session's profiles.</summary>
public sealed class ProfileNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SessionProfiles.All.Select(profile => new CompletionWord(profile.ProfileName, profile.BaseUri?.AbsoluteUri ?? profile.Site ?? "site from DD_SITE"));
}
