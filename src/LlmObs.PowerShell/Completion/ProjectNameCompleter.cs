namespace LlmObs.PowerShell.Completion;

/// <summary>Completes the names of projects that this session has seen.</summary>
public sealed class ProjectNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        ResolvedNameCache.Seen(datasets: false).Select(one => new CompletionWord(one.Name, one.Id));
}
