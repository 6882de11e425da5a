using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Changes an experiment: only what is given is sent, and null clears.</summary>
[Cmdlet(VerbsCommon.Set, "LlmObsExperiment", SupportsShouldProcess = true, DefaultParameterSetName = ByExperiment)]
[OutputType(typeof(Experiment))]
public sealed class SetLlmObsExperimentCommand : ApiCmdlet
{
    private const string ByExperiment = "Experiment";
    private const string ById = "Id";

    /// <summary>The experiment; only its id is taken from it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByExperiment)]
    [ValidateNotNull]
    public Experiment? Experiment { get; set; }

    /// <summary>The experiment's id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("ExperimentId", "experiment_id")]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public string Id { get; set; } = string.Empty;

    /// <summary>The new name.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [AllowEmptyString]
    public string? Name { get; set; } = OptionalParameter.NoText;

    /// <summary>The new description; null clears it.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [AllowEmptyString]
    public string? Description { get; set; } = OptionalParameter.NoText;

    /// <summary>The id of the dataset.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [AllowEmptyString]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; } = OptionalParameter.NoText;

    /// <summary>Metadata: a hashtable or an object. It replaces what is there; null clears it.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [JsonObject]
    public object? Metadata { get; set; } = OptionalParameter.Nothing;

    /// <summary>The new state: running, completed, failed or interrupted.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(ExperimentStatusCompleter))]
    public string? Status { get; set; } = OptionalParameter.NoText;

    /// <summary>Why the experiment failed; null clears it.</summary>
    [Parameter(ParameterSetName = ByExperiment)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [AllowNull]
    [AllowEmptyString]
    [Alias("Error", "error_message")]
    public string? ErrorMessage { get; set; } = OptionalParameter.NoText;

    private string TargetId => Experiment?.Id ?? Id;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ToPatch() is not ExperimentPatch patch || MakeCall(patch) is not ApiCall<Experiment?> call)
        {
            return;
        }

        if (ShouldSend(call, "Update experiment") && TrySend(call, (object?)Experiment ?? Id, out Experiment? updated))
        {
            WriteObject(updated ?? (Experiment ?? new Experiment { Id = Id, Url = Client.ExperimentPage(Id) }).With(patch));
        }
    }

    private ExperimentPatch? ToPatch()
    {
        var patch = new ExperimentPatch
        {
            Name = Text(nameof(Name), Name),
            Description = Text(nameof(Description), Description),
            DatasetId = Text(nameof(DatasetId), DatasetId),
            Metadata = OptionalParameter.Object(Metadata),
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
            Refuse($"'{status}' is no state of an experiment", $"Known are {string.Join(", ", ExperimentStatus.All)}.{NearestWord.Ask(status, ExperimentStatus.All)}");
            return null;
        }

        return patch.Status.Value is string word ? patch with { Status = word.ToLowerInvariant() } : patch;
    }

    private ApiCall<Experiment?>? MakeCall(ExperimentPatch patch)
    {
        try
        {
            return Client.UpdateExperiment(TargetId, patch);
        }
        catch (UnwritableValueException e)
        {
            Refuse($"{e.Message} (in Metadata)", "Change or leave out that value.");
        }
        catch (ArgumentException e)
        {
            Refuse(Failures.Reason(e).TrimEnd('.'), "Give the id as New-LlmObsExperiment returned it.");
        }

        return null;
    }

    private void Refuse(string reason, string action)
    {
        string message = $"Experiment {TargetId} was not changed: {reason}.";
        WriteError(Failures.InvalidValue(new PSArgumentException(message), message, TargetId, action));
    }

    private Optional<string> Text(string parameter, string? value) => OptionalParameter.Text(value, CommandLine.Contains(parameter));
}
