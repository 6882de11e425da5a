using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Finds the experiment that a new run is compared with: the newest completed one of a branch, a commit or a dataset.</summary>
[Cmdlet(VerbsCommon.Find, "LlmObsBaseline")]
[OutputType(typeof(Experiment))]
public sealed class FindLlmObsBaselineCommand : ApiCmdlet
{
    private const int ShortestCommit = 7;

    /// <summary>The project: its name, its id, or what Get-LlmObsProject returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference Project { get; set; } = null!;

    /// <summary>The name that experiments are created with, which all runs of a pipeline share.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [Alias("ExperimentName")]
    public string LogicalName { get; set; } = string.Empty;

    /// <summary>The branch that it was run on, for example main.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Branch { get; set; }

    /// <summary>The commit that it was run on: the whole hash, or at least the first seven digits of it.</summary>
    [Parameter]
    [ValidateLength(ShortestCommit, 64)]
    public string? Commit { get; set; }

    /// <summary>The dataset that it was run on: its name, its id, or what Get-LlmObsDataset returns.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The version of the dataset; any if it is not given.</summary>
    [Parameter]
    public long? DatasetVersion { get; set; }

    /// <summary>The oldest that it may be, for example 30.00:00:00. Datadog keeps the spans of experiments for 15 days, or 90.</summary>
    [Parameter]
    public TimeSpan? MaxAge { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Names.Project(Project) is not string projectId)
        {
            return;
        }

        string? datasetId = null;
        if (Dataset is not null)
        {
            if (Names.Dataset(Dataset, Project) is not (_, string found))
            {
                return;
            }

            datasetId = found;
        }

        RequireKeys();
        Dictionary<string, int> passedOver = [];
        DateTimeOffset? oldest = MaxAge is TimeSpan age ? TimeProvider.System.GetUtcNow() - age : null;
        ExperimentFilter filter = new() { ProjectId = projectId, LogicalName = LogicalName, IncludeDatasetName = true };
        try
        {
            IEnumerable<Experiment> experiments = Bridge.Each(Client.ListExperiments(filter).ReadAsync(observer: new VerboseObserver(Bridge)))
                .SelectMany(page => page.Items);
            foreach (Experiment experiment in experiments)
            {
                if (WhyNot(experiment, datasetId, oldest) is not string reason)
                {
                    WriteObject(experiment);
                    return;
                }

                passedOver[reason] = passedOver.GetValueOrDefault(reason) + 1;
            }

            WriteError(NotFound(passedOver));
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, LogicalName));
        }
    }

    // The reason that an experiment is no baseline, as the end of "n ..."; the first that holds.
    private string? WhyNot(Experiment experiment, string? datasetId, DateTimeOffset? oldest)
    {
        if (Branch is not null && !Holds(experiment.Metadata, "branch", "git.branch", value => value == Branch))
        {
            return $"of another branch than {Branch}";
        }

        if (Commit is not null && !Holds(experiment.Metadata, "commit", "git.commit.sha", value => value.StartsWith(Commit, StringComparison.OrdinalIgnoreCase)))
        {
            return $"of another commit than {Commit}";
        }

        if (datasetId is not null && experiment.DatasetId != datasetId)
        {
            return "on another dataset";
        }

        if (DatasetVersion is long version && experiment.DatasetVersion != version)
        {
            return $"on another version of the dataset than {version.ToString(CultureInfo.InvariantCulture)}";
        }

        if (!string.Equals(experiment.Status, ExperimentStatus.Completed, StringComparison.OrdinalIgnoreCase))
        {
            return experiment.Status is { Length: > 0 } status ? $"{status}, not completed" : "not completed";
        }

        return oldest is not null && experiment.CreatedAt < oldest
            ? $"older than {MaxAge!.Value.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)}"
            : null;
    }

    // Two conventions are in use: metadata.branch, and metadata.tags with git.branch:... in it.
    private static bool Holds(object? metadata, string member, string tag, Func<string, bool> isMeant)
    {
        if (Text(Member(metadata, member)) is string value && isMeant(value))
        {
            return true;
        }

        object? tags = Member(metadata, "tags");
        IEnumerable<object?> list = tags is IEnumerable many and not string ? many.Cast<object?>() : [tags];
        return list.Select(Text).OfType<string>()
            .Any(text => text.StartsWith(tag + ":", StringComparison.Ordinal) && isMeant(text[(tag.Length + 1)..]));
    }

    private static object? Member(object? value, string name) => value switch
    {
        null => null,
        IDictionary dictionary => dictionary.Contains(name) ? dictionary[name] : null,
        _ => PSObject.AsPSObject(value).Properties[name]?.Value,
    };

    private static string? Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) as string;

    private ErrorRecord NotFound(Dictionary<string, int> passedOver)
    {
        string found = passedOver.Count == 0
            ? "there is no experiment of that name"
            : "of its experiments " + string.Join(", ", passedOver.OrderByDescending(pair => pair.Value)
                .Select(pair => $"{pair.Value.ToString(CultureInfo.InvariantCulture)} {(pair.Value == 1 ? "is" : "are")} {pair.Key}"));
        return Failures.BaselineNotFound(LogicalName, Project, found);
    }
}
