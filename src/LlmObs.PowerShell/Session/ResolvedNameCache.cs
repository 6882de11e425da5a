using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Session;

/// <summary>
/// The names of projects, datasets and experiments that were looked up or made with a profile's present settings, so that each
/// is looked up once a session. It goes with its client: other settings may mean another organisation.
/// </summary>
internal sealed class ResolvedNameCache
{
    private static readonly ConditionalWeakTable<LlmObsClient, ResolvedNameCache> Tables = [];

    private readonly ConcurrentDictionary<(string? ProjectId, string Name), string> _ids = new();
    private readonly ConcurrentDictionary<string, Experiment> _experiments = new(StringComparer.Ordinal);

    public static ResolvedNameCache Of(LlmObsClient client) => Tables.GetValue(client, _ => new ResolvedNameCache());

    /// <summary>The names that this session has seen, with their ids, for completion.</summary>
    /// <param name="datasets">True for the names of datasets, false for those of projects.</param>
    public static IEnumerable<(string Name, string Id)> Seen(bool datasets) => Tables
        .SelectMany(table => table.Value._ids)
        .Where(entry => entry.Key.ProjectId is not null == datasets)
        .Select(entry => (entry.Key.Name, entry.Value))
        .Distinct()
        .OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of a project or dataset that this session has seen; null if it has not.</summary>
    public static string? NameOf(string? id) => id is null ? null : Tables.SelectMany(table => table.Value._ids).FirstOrDefault(entry => entry.Value == id).Key.Name;

    /// <summary>The id of a name; null if it is not known yet.</summary>
    /// <param name="projectId">The project of a dataset; null for a project.</param>
    public string? Find(string? projectId, string name) => _ids.TryGetValue((projectId, name), out string? id) ? id : null;

    /// <summary>Forgets a name that means nothing, or not one thing.</summary>
    public void Remove(string? projectId, string name) => _ids.TryRemove((projectId, name), out _);

    /// <summary>Keeps a result.</summary>
    public void Add(string? projectId, string name, string id) => _ids[(projectId, name)] = id;

    /// <summary>
    /// Keeps the name of something that was just made: the service may not find it for seconds. Where another one has the
    /// name, neither is meant by it any more.
    /// </summary>
    public void AddMade(string? projectId, string? name, string? id)
    {
        if (name is not null && id is not null && _ids.GetOrAdd((projectId, name), id) != id)
        {
            _ids.TryRemove((projectId, name), out _);
        }
    }

    /// <summary>Keeps an experiment that the service described, instead of an older description.</summary>
    public void Add(Experiment experiment) => _experiments[experiment.Id] = experiment;

    /// <summary>An experiment by its id; null if no answer has described it yet.</summary>
    public Experiment? FindExperiment(string id) => _experiments.GetValueOrDefault(id);

    /// <summary>An experiment by its whole name; null if none is known, or several are.</summary>
    public Experiment? FindExperimentByName(string name) => Only(experiment => experiment.Name == name);

    /// <summary>An experiment by the name that it was made with; null if none is known, or several are.</summary>
    public Experiment? FindExperimentByLogicalName(string name) => Only(experiment => experiment.LogicalName == name);

    /// <summary>Forgets everything after a failure that reports a missing object: it may have been created again under its name.</summary>
    public void InvalidateAfter(LlmObsException failure)
    {
        if (failure.Kind == FailureKind.NotFound)
        {
            Clear();
        }
    }

    /// <summary>Forgets everything, after a change of names.</summary>
    public void Clear()
    {
        _ids.Clear();
        _experiments.Clear();
    }

    private Experiment? Only(Func<Experiment, bool> isMeant) =>
        _experiments.Values.Where(isMeant).Take(2).ToArray() is [Experiment one] ? one : null;
}

/// <summary>The experiments that answers have named in this process, the latest first; for completion, which never calls.</summary>
internal static class SeenExperiments
{
    private const int Most = 200;
    private static readonly Lock Gate = new();
    private static readonly LinkedList<(string Id, string? Name)> Seen = new();

    public static IReadOnlyList<(string Id, string? Name)> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Seen];
            }
        }
    }

    /// <summary>Keeps the experiments that an answer holds; anything else is nothing.</summary>
    public static void Note(object? answer)
    {
        foreach (Experiment experiment in answer is Experiment one ? [one] : answer as IEnumerable<Experiment> ?? [])
        {
            Note(experiment.Id, experiment.Name);
        }
    }

    private static void Note(string id, string? name)
    {
        lock (Gate)
        {
            if (Seen.FirstOrDefault(one => one.Id == id) is { Id: not null } present)
            {
                Seen.Remove(present);
                name ??= present.Name;
            }

            Seen.AddFirst((id, name));
            if (Seen.Count > Most)
            {
                Seen.RemoveLast();
            }
        }
    }
}
