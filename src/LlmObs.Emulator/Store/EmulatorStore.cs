using System.Buffers;

namespace LlmObs.Emulator.Store;

/// <summary>
/// What an emulator holds. Reads may come from any thread at any time; each sees the whole of a request or nothing of it.
/// </summary>
#pragma warning disable CA1001 // The lock lives as long as the process that looks into a stopped emulator.
public sealed class EmulatorStore
#pragma warning restore CA1001
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly ExperimentRegistry _experiments = new();
    private readonly EventLog _events = new();

    internal EmulatorStore()
    {
    }

    internal DatasetCatalog Catalog { get; } = new();

    /// <summary>All projects, newest first.</summary>
    public IReadOnlyCollection<StoredProject> Projects => [.. Catalog.Projects.Select(entry => entry.Project)];

    /// <summary>All datasets of all projects, newest first.</summary>
    public IReadOnlyCollection<StoredDataset> Datasets => [.. Catalog.Datasets.Select(entry => entry.Dataset)];

    /// <summary>All experiments in the order of their creation.</summary>
    public IReadOnlyCollection<StoredExperiment> Experiments => Read((experiments, _) => experiments.Snapshot());

    /// <summary>The number of experiments.</summary>
    public long ExperimentCount => Read((experiments, _) => experiments.Count);

    /// <summary>The number of spans, each sending counted.</summary>
    public long SpanCount => Read((_, events) => events.Spans.Count);

    /// <summary>The number of metrics, each sending counted.</summary>
    public long MetricCount => Read((_, events) => events.Metrics.Count);

    /// <summary>An experiment by its id.</summary>
    /// <returns>The experiment; null if none has that id.</returns>
    public StoredExperiment? FindExperiment(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Read((experiments, _) => experiments.Find(id) is { } number ? experiments[number].Current : null);
    }

    /// <summary>The records of a dataset, in the order of their creation.</summary>
    /// <param name="version">The version; null for the current one.</param>
    /// <returns>The records; empty for an unknown dataset or version.</returns>
    public IReadOnlyList<StoredRecord> Records(string datasetId, long? version = null)
    {
        ArgumentNullException.ThrowIfNull(datasetId);
        return Catalog.Version(datasetId, version)?.Records ?? [];
    }

    /// <summary>The spans of an experiment.</summary>
    /// <param name="experimentId">The id.</param>
    /// <returns>
    /// Their JSON texts, UTF-8, in the order of their arrival and as they were sent, but for line breaks between tokens,
    /// which are spaces here; empty for an unknown experiment.
    /// </returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> Spans(string experimentId)
    {
        ArgumentNullException.ThrowIfNull(experimentId);
        return Read((experiments, events) => experiments.Find(experimentId) is { } number
            ? experiments[number].SpanRows.ConvertAll(row => events.Spans[row].Json)
            : []);
    }

    /// <summary>The metrics of an experiment.</summary>
    /// <param name="experimentId">The id.</param>
    /// <returns>
    /// Their JSON texts, UTF-8, in the order of their arrival and as they were sent, but for line breaks between tokens,
    /// which are spaces here; empty for an unknown experiment.
    /// </returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> Metrics(string experimentId)
    {
        ArgumentNullException.ThrowIfNull(experimentId);
        return Read((experiments, events) => experiments.Find(experimentId) is { } number
            ? experiments[number].MetricRows.ConvertAll(row => events.Metrics[row].Json)
            : []);
    }

    /// <summary>The events of an experiment in the form of "list events", all on one page and without the read lag.</summary>
    /// <param name="experimentId">The id.</param>
    /// <returns>The answer's JSON, UTF-8; null for an unknown or deleted experiment.</returns>
    public byte[]? ReadEvents(string experimentId)
    {
        ArgumentNullException.ThrowIfNull(experimentId);
        return Read((experiments, events) => experiments.Find(experimentId) is { } number && experiments[number].Current.DeletedAt is null
            ? new EventListing(experiments[number], events, DateTimeOffset.MaxValue).Page(new(null, int.MaxValue - 1), EmulatorListEnd.Empty).ToArray()
            : null);
    }

    /// <summary>The number of spans and metrics of an experiment, with each sending counted.</summary>
    /// <param name="experimentId">The id.</param>
    /// <returns>The counts; zeros for an unknown experiment.</returns>
    public (int Spans, int Metrics) CountEvents(string experimentId)
    {
        ArgumentNullException.ThrowIfNull(experimentId);
        return Read((experiments, _) => experiments.Find(experimentId) is { } number ? (experiments[number].SpanRows.Count, experiments[number].MetricRows.Count) : default);
    }

    /// <summary>Runs a query while nothing is written.</summary>
    internal T Read<T>(Func<ExperimentRegistry, EventLog, T> query)
    {
        _gate.EnterReadLock();
        try
        {
            return query(_experiments, _events);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>The sums of an experiment's events; null if it does not exist, or has none.</summary>
    internal ExperimentSums? Sums(StoredExperiment experiment) => Read((experiments, events) =>
        experiments.Find(experiment.Id) is { } number && experiments[number] is { } entry && entry.SpanRows.Count + entry.MetricRows.Count > 0
            ? entry.Sums(events)
            : null);

    /// <summary>A creation with its dataset's version: the current one, if the request names none.</summary>
    internal ExperimentRequest WithCurrentVersion(ExperimentRequest request) =>
        request is { DatasetVersion: null, DatasetId: { } id } && Catalog.FindDataset(request.ProjectId, id) is { } dataset
            ? request with { DatasetVersion = dataset.CurrentVersion }
            : request;

    internal void Add(StoredExperiment experiment)
    {
        if (experiment is { DatasetId: { } dataset, DatasetVersion: { } version })
        {
            Catalog.MarkUsed(dataset, version, experiment.CreatedAt);
        }

        Write(() => _experiments.Add(experiment));
    }

    /// <summary>Changes an experiment.</summary>
    /// <returns>True if the experiment exists.</returns>
    internal bool Update(string id, Func<StoredExperiment, StoredExperiment> change)
    {
        bool found = false;
        Write(() =>
        {
            if (_experiments.Find(id) is { } number)
            {
                _experiments.Replace(number, change(_experiments[number].Current));
                found = true;
            }
        });
        return found;
    }

    /// <summary>Deletes experiments; those that are not there are passed over.</summary>
    internal void Delete(IEnumerable<string> ids, DateTimeOffset at) => Write(() =>
    {
        foreach (string id in ids)
        {
            if (_experiments.Find(id) is { } number)
            {
                _experiments.Delete(number, at);
            }
        }
    });

    /// <summary>Adds events to an experiment.</summary>
    /// <returns>True if the experiment exists.</returns>
    internal bool Append(string id, ParsedEvents events, DateTimeOffset at)
    {
        bool found = false;
        Write(() =>
        {
            if (_experiments.Find(id) is { } number)
            {
                ExperimentEntry entry = _experiments[number];
                _events.Append(number, events, entry.SpanRows, entry.MetricRows);
                entry.Reading.Arrived(at, entry.SpanRows.Count, entry.MetricRows.Count);
                found = true;
            }
        });
        return found;
    }

    private void Write(Action change)
    {
        _gate.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
