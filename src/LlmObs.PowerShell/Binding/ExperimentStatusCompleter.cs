namespace LlmObs.PowerShell.Binding;

/// <summary>Completes the states of an experiment.</summary>
public sealed class ExperimentStatusCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string ToolTip)> Words => ExperimentStatus.All.Select(status => (status, status));
}
