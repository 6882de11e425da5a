namespace LlmObs.PowerShell.Completion;

/// <summary>Completes names of experiments that this session has seen.</summary>
public sealed class ExperimentNameCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        SeenExperiments.All.Where(one => one.Name is not null).DistinctBy(one => one.Name).Select(one => new CompletionWord(one.Name!, one.Id));
}
