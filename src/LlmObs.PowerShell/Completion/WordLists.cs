namespace LlmObs.PowerShell.Completion;

/// <summary>Completes Datadog sites.</summary>
public sealed class SiteCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        DatadogSite.Known.Select(site => new CompletionWord(site.Name, site.BaseUri.AbsoluteUri));
}

/// <summary>Completes fields that metrics can be grouped by, and that can be computed.</summary>
public sealed class AggregateFieldCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => SearchField.All.Select(one => new CompletionWord(one.Name, one.Meaning));
}

/// <summary>Completes indexes of experimentation data.</summary>
public sealed class AggregateIndexCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => [new(AggregateQuery.EvaluationIndex, "metrics of experiments")];
}

/// <summary>Completes the states of an experiment.</summary>
public sealed class ExperimentStatusCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words => ExperimentStatus.All.Select(status => new CompletionWord(status, status));
}
