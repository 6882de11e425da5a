namespace LlmObs.PowerShell.Completion;

/// <summary>Completes Datadog sites.</summary>
public sealed class SiteCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> Words =>
        DatadogSite.Known.Select(site => new CompletionWord(site.Name, site.BaseUri.AbsoluteUri));
}
