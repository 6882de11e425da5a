namespace LlmObs.PowerShell.Completion;

/// <summary>Completes indexes of experimentation data.</summary>
public sealed class AggregateIndexCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => [new(AggregateQuery.EvaluationIndex, "metrics of experiments")];
}
