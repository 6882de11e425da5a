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

    /// <summary>Its page in Datadog's web application; null if it is not on a Datadog site, but on an emulator or another address.</summary>
    public Uri? Url { get; init; }

    /// <summary>The name (<c>name</c>). With <c>ensure_unique</c> the service appends a suffix to the name that was sent.</summary>
    public string? Name { get; init; }

    /// <summary>The logical name (<c>experiment</c>), shared by all runs of the same pipeline.</summary>
    public string? LogicalName { get; init; }

    /// <summary>The project it belongs to (<c>project_id</c>).</summary>
    public string? ProjectId { get; init; }

    /// <summary>The dataset it was run on (<c>dataset_id</c>).</summary>
    public string? DatasetId { get; init; }

    /// <summary>The name of its dataset (<c>dataset_name</c>); sent only if it was requested.</summary>
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

    /// <summary>True if its state is final.</summary>
    public bool IsFinished => ExperimentStatus.IsFinal(Status);

    /// <summary>The error of a failed experiment (<c>error</c>).</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The number of runs planned (<c>run_count</c>).</summary>
    public int? RunCount { get; init; }

    /// <summary>The baseline that it is compared with (<c>parent_experiment_id</c>).</summary>
    public string? ParentExperimentId { get; init; }

    /// <summary>The service's precomputed aggregates (<c>aggregate_data</c>).</summary>
    public ExperimentAggregate? AggregateData { get; init; }

    /// <summary>Its creator (<c>author</c>).</summary>
    public ExperimentAuthor? Author { get; init; }

    /// <summary>When it was made (<c>created_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed (<c>updated_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When it was deleted (<c>deleted_at</c>), UTC, to 100 ns.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Attributes that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }

    /// <summary>This experiment with the fields of a patch taken over, for a service that answers an update with nothing.</summary>
    /// <param name="patch">The patch that was accepted.</param>
    /// <returns>The changed experiment, as far as it is known here.</returns>
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

    /// <summary>The id: PowerShell turns an object into text for a text parameter, which then needs the id.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}

/// <summary>
/// The execution states of an experiment that the API documents. Kept as words, not as an enum, because the service may
/// answer with words that are newer than this module.
/// </summary>
public static class ExperimentStatus
{
    /// <summary>The experiment is being filled.</summary>
    public const string Running = "running";

    /// <summary>The experiment ended as planned.</summary>
    public const string Completed = "completed";

    /// <summary>The experiment ended with an error.</summary>
    public const string Failed = "failed";

    /// <summary>The experiment was stopped before its end.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>All documented states.</summary>
    public static IReadOnlyList<string> All { get; } = [Running, Completed, Failed, Interrupted];

    /// <summary>True if a state is final.</summary>
    /// <param name="status">The state, or a word that this version does not know; case does not matter.</param>
    /// <returns>False for those that it does not know.</returns>
    public static bool IsFinal(string? status) =>
        status is not null && ((string[])[Completed, Failed, Interrupted]).Contains(status, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The user who created an experiment; the service sends it only on request.</summary>
public sealed record ExperimentAuthor
{
    /// <summary>The user's id.</summary>
    public string? Id { get; init; }

    /// <summary>The display name.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The user name or handle.</summary>
    public string? Handle { get; init; }

    /// <summary>The address of the user's icon.</summary>
    public string? Icon { get; init; }

    /// <summary>The text of an author in a table cell.</summary>
    /// <returns>The name, else the handle, else the id.</returns>
    public override string ToString() => Name ?? Handle ?? Id ?? string.Empty;
}

/// <summary>
/// What the service computed of an experiment beforehand (<c>aggregate_data</c>): means only, some seconds to minutes after the
/// events. Source: the answers that Datadog's SDKs read.
/// </summary>
public sealed record ExperimentAggregate
{
    /// <summary>The evaluations (<c>evaluations.custom</c>), a JSON object by label; <c>null</c> for none.</summary>
    public object? Evaluations { get; init; }

    /// <summary>The summary evaluations (<c>evaluations.summary</c>), a JSON object by label; <c>null</c> for none.</summary>
    public object? SummaryEvaluations { get; init; }

    /// <summary>The number of spans (<c>total_spans</c>).</summary>
    public long? SpanCount { get; init; }

    /// <summary>The number of spans whose task failed (<c>total_errors</c>).</summary>
    public long? ErrorCount { get; init; }

    /// <summary>Tokens of all spans (<c>total_tokens</c>).</summary>
    public long? TokenCount { get; init; }

    /// <summary>Tokens that went to models (<c>total_input_tokens</c>).</summary>
    public long? InputTokenCount { get; init; }

    /// <summary>Tokens that came from models (<c>total_output_tokens</c>).</summary>
    public long? OutputTokenCount { get; init; }

    /// <summary>The durations of all spans together (<c>total_duration_ns</c>), to 100 ns.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The estimated cost in US dollars; the service counts nanodollars (<c>estimated_total_cost</c>).</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Members that this version does not know, under their API names; <c>null</c> if there are none.</summary>
    public object? AdditionalProperties { get; init; }
}

/// <summary>
/// Tells which experiment is meant: by its id, by a name that still has to be looked up, or by the experiment itself.
/// PowerShell makes one of text, of an experiment, and of everything that names its experiment, also after a trip through
/// JSON, CLIXML or a job.
/// </summary>
public sealed record ExperimentReference
{
    /// <summary>The id; null if only the name is known.</summary>
    public string? Id { get; init; }

    /// <summary>The name or the logical name; null if it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>The experiment; null if it was not read yet.</summary>
    public Experiment? Experiment { get; init; }

    /// <summary>Text: an id if it is a UUID, as all ids of the service are, else a name.</summary>
    public static implicit operator ExperimentReference?(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : Guid.TryParseExact(text.Trim(), "D", out _) ? new ExperimentReference { Id = text.Trim() }
        : new ExperimentReference { Name = text };

    /// <summary>An experiment.</summary>
    public static implicit operator ExperimentReference?(Experiment? experiment) =>
        experiment is null ? null : new ExperimentReference { Id = experiment.Id, Name = experiment.Name, Experiment = experiment };

    /// <summary>The id if it is known, else the name.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Id ?? Name ?? string.Empty;
}
