using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Changes an experiment: only given values are sent, and null clears.</summary>
[Cmdlet(VerbsCommon.Set, "LlmObsExperiment", SupportsShouldProcess = true)]
[OutputType(typeof(Experiment))]
public sealed class SetLlmObsExperimentCommand : ApiCmdlet
{
    /// <summary>The experiment: an object, an id or a name. Only its id is taken from it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("ExperimentId", "experiment_id", "Id")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference Experiment { get; set; } = null!;

    /// <summary>The new name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; } = OptionalParameter.NoText;

    /// <summary>The new description; null clears it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? Description { get; set; } = OptionalParameter.NoText;

    /// <summary>The id of the dataset.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; } = OptionalParameter.NoText;

    /// <summary>Metadata: a hashtable or an object. It replaces the old metadata; null clears it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [JsonObject]
    public object? Metadata { get; set; } = OptionalParameter.Nothing;

    /// <summary>The new state: running, completed, failed or interrupted.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ExperimentStatusCompleter))]
    public string? Status { get; set; } = OptionalParameter.NoText;

    /// <summary>The experiment's error; null clears it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [Alias("Error", "error_message")]
    public string? ErrorMessage { get; set; } = OptionalParameter.NoText;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ToPatch() is not ExperimentPatch patch || Names.ExperimentId(Experiment, anew: true) is not string id || MakeCall(id, patch) is not ApiCall<Experiment?> call)
        {
            return;
        }

        Experiment? before = Experiment.Experiment ?? Names.Known.FindExperiment(id);
        if (ShouldSend(call, "Update experiment") && TrySend(call, (object?)Experiment.Experiment ?? id, out Experiment? updated))
        {
            updated ??= (before ?? new Experiment { Id = id }).With(patch);
            updated = updated.Url is null ? updated with { Url = Client.ExperimentPage(id) } : updated;
            Names.Known.Add(updated);
            WriteObject(updated);
        }
    }

    private ExperimentPatch? ToPatch()
    {
        var patch = new ExperimentPatch
        {
            Name = Text(nameof(Name), Name),
            Description = Text(nameof(Description), Description),
            DatasetId = Text(nameof(DatasetId), DatasetId),
            Metadata = IsMeant(nameof(Metadata)) ? OptionalParameter.Object(Metadata) : default,
            Status = Text(nameof(Status), Status),
            ErrorMessage = Text(nameof(ErrorMessage), ErrorMessage),
        };
        if (patch.IsEmpty)
        {
            Refuse("nothing was given to change", "Give at least one of -Name, -Description, -DatasetId, -Metadata, -Status, -ErrorMessage.");
            return null;
        }

        if (patch.Status is { IsGiven: true, Value: string status } && !ExperimentStatus.All.Contains(status, StringComparer.OrdinalIgnoreCase))
        {
            Refuse($"'{status}' is not a state of an experiment", $"Known are {string.Join(", ", ExperimentStatus.All)}.{NearestWord.Ask(status, ExperimentStatus.All)}");
            return null;
        }

        return patch.Status.Value is string word ? patch with { Status = word.ToLowerInvariant() } : patch;
    }

    private ApiCall<Experiment?>? MakeCall(string id, ExperimentPatch patch)
    {
        try
        {
            return Client.UpdateExperiment(id, patch);
        }
        catch (UnwritableValueException e)
        {
            Refuse($"{e.Message} (in Metadata)", "Change or leave out that value.");
        }
        catch (ArgumentException e)
        {
            Refuse(Failures.Reason(e).TrimEnd('.'), "Give the id that New-LlmObsExperiment returned.");
        }

        return null;
    }

    private void Refuse(string reason, string action)
    {
        string message = $"Experiment {Experiment} was not changed: {reason}.";
        WriteError(Failures.InvalidValue(new PSArgumentException(message), message, Experiment.ToString(), action));
    }

    private Optional<string> Text(string parameter, string? value) =>
        IsMeant(parameter) ? OptionalParameter.Text(value, CommandLine.Contains(parameter)) : default;

    // A row names its changes. A piped experiment holds its present values: only the command line changes them.
    private bool IsMeant(string parameter) => Experiment.Experiment is null || CommandLine.Contains(parameter);
}
