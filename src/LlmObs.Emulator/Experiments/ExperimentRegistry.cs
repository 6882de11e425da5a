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

    /// <summary>The oldest experiment of a name in a project; null where there is none.</summary>
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
