using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Deletes projects, all that are given or piped in one request.</summary>
[Cmdlet(VerbsCommon.Remove, "LlmObsProject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveLlmObsProjectCommand : ApiCmdlet
{
    private const int IdsPerRequest = 500;

    private readonly OrderedDictionary<string, ProjectReference> _targets = new(StringComparer.Ordinal);

    /// <summary>The projects: names, ids, or what Get-LlmObsProject returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Alias("ProjectId", "Id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference[] Project { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ProjectReference project in Project)
        {
            if (Names.Project(project, anew: true) is string id)
            {
                _targets.TryAdd(id, project);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (KeyValuePair<string, ProjectReference>[] some in _targets.Chunk(IdsPerRequest))
        {
            ApiCall<int> call = Client.DeleteProjects([.. some.Select(target => target.Key)]);
            if (ShouldSend(call, "Delete projects") && TrySend(call, some.Select(target => target.Value).ToArray(), out _))
            {
                Names.Known.Clear();
            }
        }
    }
}
