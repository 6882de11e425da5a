namespace LlmObs;

/// <summary>
/// An experiment as the service describes it. Every field may be missing: the live service leaves out fields that its
/// documents call required, and sends some that they do not name; those are kept in <see cref="AdditionalProperties"/>.
/// Source: the response model of "Create an LLM Observability experiment".
/// </summary>
public sealed record Experiment
{
    /// <summary>The id (<c>data.id</c>); empty only in a search's result that has none, as the documents allow.</summary>
    public required string Id { get; init; }

    /// <summary>Its page in Datadog's web application; null if it is not on one of Datadog's sites, but on an emulator or behind another address.</summary>
    public Uri? Url { get; init; }

    /// <summary>The name (<c>name</c>). With <c>ensure_unique</c> the service appends a suffix to the name that was sent.</summary>
    public string? Name { get; init; }

    /// <summary>The logical name (<c>experiment</c>), shared by all runs of the same pipeline.</summary>
    public string? LogicalName { get; init; }

    /// <summary>The project it belongs to (<c>project_id</c>).</summary>
    public string? ProjectId { get; init; }

    /// <summary>The dataset it was run on (<c>dataset_id</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>That dataset's name (<c>dataset_name</c>); sent only where it was asked for.</summary>
    public string? DatasetName { get; init; }

    /// <summary>That dataset's version (<c>dataset_version</c>).</summary>
    public long? DatasetVersion { get; init; }

    /// <summary>The description (<c>description</c>).</summary>
    public string? Description { get; init; }

    /// <summary>The configuration (<c>config</c>), a JSON object.</summary>
    public object? Config { get; init; }

    /// <summary>The metadata (<c>metadata</c>), a JSON object.</summary>
    public object? Metadata { get; init; }

    /// <summary>The execution state (<c>status</c>): one of <see cref="ExperimentStatus"/>, or a newer word.</summary>
    public string? Status { get; init; }

    /// <summary>Whether its state is one that an experiment ends in.</summary>
    public bool IsFinished => ExperimentStatus.IsFinal(Status);

    /// <summary>Why the experiment failed (<c>error</c>).</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The number of runs planned (<c>run_count</c>).</summary>
    public int? RunCount { get; init; }

    /// <summary>The baseline that it is compared with (<c>parent_experiment_id</c>).</summary>
    public string? ParentExperimentId { get; init; }

    /// <summary>What the service computed beforehand (<c>aggregate_data</c>).</summary>
    public ExperimentAggregate? AggregateData { get; init; }

    /// <summary>Who made it (<c>author</c>).</summary>
    public ExperimentAuthor? Author { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When it was deleted (<c>deleted_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Attributes that this version does not know, under their API names; <c>null</c> where there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>This experiment with the fields of a patch taken over, for a service that answers an update with nothing.</summary>
    /// <param name="patch">The patch that was accepted.</param>
    /// <returns>What the service now holds, as far as it can be known here.</returns>
    public Experiment With(ExperimentPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return this with
        {
            Name = patch.Name.Or(Name),
            Description = patch.Description.Or(Description),
            DatasetId = patch.DatasetId.Or(DatasetId),
            Metadata = patch.Metadata.Or(Metadata),
            Status = patch.Status.Or(Status),
            ErrorMessage = patch.ErrorMessage.Or(ErrorMessage),
        };
    }

    /// <summary>The id: PowerShell turns an object into text where a parameter takes text, and there the id is meant.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
