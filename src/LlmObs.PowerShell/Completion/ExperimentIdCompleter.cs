namespace LlmObs.PowerShell.Completion;

/// <summary>Completes ids of experiments that this session has seen, by the id or the name.</summary>
public sealed class ExperimentIdCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SeenExperiments.All.Select(one => new CompletionWord(one.Id, one.Name ?? one.Id) { Shown = one.Name is null ? null : $"{one.Name} ({one.Id})", Alias = one.Name });
}
