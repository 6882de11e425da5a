using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>
/// All experiments in the order of their creation, found by id and by name. A deleted one keeps its place, so that it can
/// still be listed, but is found no more. Not thread-safe.
/// </summary>
internal sealed class ExperimentRegistry
{
    private readonly List<ExperimentEntry> _entries = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Project, string Name), List<int>> _byName = [];

    private int _deleted;

    /// <summary>The number of experiments that are not deleted.</summary>
    public int Count => _entries.Count - _deleted;

    /// <summary>The numbers of all experiments, deleted ones too, newest first.</summary>
    public IEnumerable<int> NewestFirst => Enumerable.Range(0, _entries.Count).Select(place => _entries.Count - 1 - place);

    /// <summary>The entry of an experiment's number, which is its place in the order.</summary>
    public ExperimentEntry this[int number] => _entries[number];

    public int? Find(string id) => _byId.TryGetValue(id, out int number) && _entries[number].Current.DeletedAt is null ? number : null;

    /// <summary>The oldest experiment of a name in a project; null if there is none.</summary>
    public StoredExperiment? FindNamed(string project, string name) =>
        _byName.TryGetValue((project, name), out List<int>? numbers) ? _entries[numbers[0]].Current : null;

    public void Add(StoredExperiment experiment)
    {
        int number = _entries.Count;
        _entries.Add(new ExperimentEntry(experiment));
        _byId.Add(experiment.Id, number);
        Name(experiment, number);
    }

    public void Replace(int number, StoredExperiment experiment)
    {
        StoredExperiment before = _entries[number].Current;
        _entries[number].Current = experiment;
        if (before.Name != experiment.Name)
        {
            Forget(before, number);
            Name(experiment, number);
        }
    }

    /// <summary>Marks an experiment as deleted; its name is free again.</summary>
    public void Delete(int number, DateTimeOffset at)
    {
        StoredExperiment experiment = _entries[number].Current;
        _entries[number].Current = experiment with { DeletedAt = at };
        _deleted++;
        Forget(experiment, number);
    }

    public IReadOnlyCollection<StoredExperiment> Snapshot() =>
        [.. _entries.Select(entry => entry.Current).Where(experiment => experiment.DeletedAt is null)];

    private void Forget(StoredExperiment experiment, int number)
    {
        (string ProjectId, string Name) key = (experiment.ProjectId, experiment.Name);
        _byName[key].Remove(number);
        if (_byName[key].Count == 0)
        {
            _byName.Remove(key);
        }
    }

    private void Name(StoredExperiment experiment, int number)
    {
        (string ProjectId, string Name) key = (experiment.ProjectId, experiment.Name);
        if (!_byName.TryGetValue(key, out List<int>? numbers))
        {
            _byName[key] = numbers = [];
        }

        numbers.Add(number);
        numbers.Sort();
    }
}

/// <summary>An experiment and the positions of its events, in the order of their arrival.</summary>
internal sealed class ExperimentEntry(StoredExperiment current)
{
    private readonly Lock _sumsGate = new();
    private ExperimentSums? _sums;
    private (int Spans, int Metrics) _summed;

    public StoredExperiment Current { get; set; } = current;

    public List<int> SpanRows { get; } = [];

    public List<int> MetricRows { get; } = [];

    /// <summary>The sums of its events; computed again after more of them have arrived.</summary>
    public ExperimentSums Sums(EventLog events)
    {
        // Several readers may be here at once; writers are not.
        lock (_sumsGate)
        {
            if (_sums is null || _summed != (SpanRows.Count, MetricRows.Count))
            {
                _sums = ExperimentSums.Of(this, events);
                _summed = (SpanRows.Count, MetricRows.Count);
            }

            return _sums;
        }
    }

    /// <summary>The index for reading events back.</summary>
    public ReadPositionIndex Reading { get; } = new();
}

/// <summary>A checked request to delete experiments.</summary>
internal static class ExperimentDeletion
{
    private const string Member = "experiment_ids";

    public static Problem? Read(ReadOnlyMemory<byte> body, out IReadOnlyList<string> ids)
    {
        ids = [];
        if (BodyJson.Parse(body, out JsonDocument? document) is { } malformed)
        {
            return malformed;
        }

        using (document)
        {
            return Envelope.Open(document!, "experiments", out JsonFields attributes)
                ?? attributes.RequiredTexts(Member, out ids);
        }
    }
}
