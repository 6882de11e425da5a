namespace LlmObs.PowerShell.Completion;

/// <summary>Completes the states of an experiment.</summary>
public sealed class ExperimentStatusCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => ExperimentStatus.All.Select(status => new CompletionWord(status, status));
}
