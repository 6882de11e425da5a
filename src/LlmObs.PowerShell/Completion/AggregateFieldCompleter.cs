namespace LlmObs.PowerShell.Completion;

/// <summary>Completes fields that metrics can be grouped by, and that can be computed.</summary>
public sealed class AggregateFieldCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => SearchField.All.Select(one => new CompletionWord(one.Name, one.Meaning));
}
