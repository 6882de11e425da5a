namespace LlmObs.PowerShell.Binding;

/// <summary>Completes Datadog sites.</summary>
public sealed class SiteCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string ToolTip)> Words =>
        DatadogSite.Known.Select(site => (site.Name, site.BaseUri.AbsoluteUri));
}
