using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Deletes experiments, several in one request. The service says nothing of ids that are not there.</summary>
[Cmdlet(VerbsCommon.Remove, "LlmObsExperiment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByExperiment)]
[OutputType(typeof(void))]
public sealed class RemoveLlmObsExperimentCommand : ApiCmdlet
{
    private const string ByExperiment = "Experiment";
    private const string ById = "Id";
    private const int IdsPerRequest = 500;

    private readonly OrderedDictionary<string, object> _targets = new(StringComparer.Ordinal);

    /// <summary>The experiments, as Get-LlmObsExperiment returns them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByExperiment)]
    [ValidateNotNullOrEmpty]
    public Experiment[] Experiment { get; set; } = [];

    /// <summary>The experiments' ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("ExperimentId", "experiment_id")]
    public string[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Experiment experiment in Experiment)
        {
            _targets.TryAdd(experiment.Id, experiment);
        }

        foreach (string id in Id)
        {
            _targets.TryAdd(id, id);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (KeyValuePair<string, object>[] some in _targets.Chunk(IdsPerRequest))
        {
            ApiCall<int> call = Client.DeleteExperiments([.. some.Select(target => target.Key)]);
            if (ShouldSend(call, "Delete experiments"))
            {
                TrySend(call, some.Length == 1 ? some[0].Value : some.Select(target => target.Value).ToArray(), out _);
            }
        }
    }
}
