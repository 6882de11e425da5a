namespace LlmObs.PowerShell.Binding;

/// <summary>Completes fields that metrics can be grouped by.</summary>
public sealed class AggregateFieldCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string ToolTip)> Words =>
    [
        ("label", "the evaluator"), ("experiment_id", "the experiment"), ("span_id", "the span"),
        ("metric_type", "score, categorical, boolean or json"), ("assessment", "pass or fail"),
        ("categorical_value", "the category"), ("boolean_value", "true or false"),
    ];
}
