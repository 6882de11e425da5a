using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Deletes experiments, several in one request. The service does not report unknown ids.</summary>
[Cmdlet(VerbsCommon.Remove, "LlmObsExperiment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveLlmObsExperimentCommand : ApiCmdlet
{
    private const int IdsPerRequest = 500;

    private readonly OrderedDictionary<string, object> _targets = new(StringComparer.Ordinal);

    /// <summary>The experiments: objects, ids or names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Alias("ExperimentId", "experiment_id", "Id")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference[] Experiment { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ExperimentReference reference in Experiment)
        {
            if (Names.ExperimentId(reference, anew: true) is string id)
            {
                _targets.TryAdd(id, (object?)reference.Experiment ?? id);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (KeyValuePair<string, object>[] some in _targets.Chunk(IdsPerRequest))
        {
            ApiCall<int> call = Client.DeleteExperiments([.. some.Select(target => target.Key)]);
            if (ShouldSend(call, "Delete experiments")
                && TrySend(call, some.Length == 1 ? some[0].Value : some.Select(target => target.Value).ToArray(), out _))
            {
                Names.Known.Clear();
            }
        }
    }
}
