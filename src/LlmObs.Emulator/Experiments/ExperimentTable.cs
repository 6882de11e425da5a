namespace LlmObs.Emulator.Experiments;

/// <summary>All experiments in the order of their creation, found by id and by name. Not thread-safe.</summary>
internal sealed class ExperimentTable
{
    private readonly List<ExperimentEntry> _entries = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Project, string Name), List<int>> _byName = [];

    public int Count => _entries.Count;

    /// <summary>The entry of an experiment's number, which is its place in the order.</summary>
    public ExperimentEntry this[int number] => _entries[number];

    public int? Find(string id) => _byId.TryGetValue(id, out int number) ? number : null;

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
        if (before.Name == experiment.Name)
        {
            return;
        }

        (string ProjectId, string Name) key = (before.ProjectId, before.Name);
        _byName[key].Remove(number);
        if (_byName[key].Count == 0)
        {
            _byName.Remove(key);
        }

        Name(experiment, number);
    }

    public IReadOnlyCollection<StoredExperiment> Snapshot() => [.. _entries.Select(entry => entry.Current)];

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
