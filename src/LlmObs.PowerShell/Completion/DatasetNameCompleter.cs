namespace LlmObs.PowerShell.Completion;

/// <summary>Completes the names of datasets that this session has seen.</summary>
public sealed class DatasetNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        ResolvedNameCache.Seen(datasets: true).Select(one => new CompletionWord(one.Name, one.Id));
}
