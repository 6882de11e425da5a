using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// Finds the ids that are meant by names: exactly one project, dataset or experiment must have the name, or, if none has, the
/// text must be an id. What can't be found is an error of the pipeline.
/// </summary>
internal sealed class NameResolver(LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client, Action requireKeys)
{
    private const int MostShown = 10;

    private readonly HashSet<(string? ProjectId, string Name)> _fresh = [];
    private readonly Dictionary<string, Experiment> _freshExperiments = new(StringComparer.Ordinal);

    /// <summary>The names of the profile's present settings.</summary>
    public ResolvedNameCache Known { get; } = ResolvedNameCache.Of(client);

    /// <summary>The id of a project; null if there is none, which was then reported.</summary>
    /// <param name="reference">The project.</param>
    /// <param name="anew">True to look a known name up again, once per command: it may now belong to another project.</param>
    public string? Project(ProjectReference reference, bool anew = false)
    {
        if (reference.Id is not null || reference.Name is null)
        {
            return reference.Id;
        }

        return Find(null, reference.Name, anew) ?? LookUp(
            "project",
            null,
            reference.Name,
            client.ListProjects(name: reference.Name),
            id => client.ListProjects(id: id),
            project => (project.Id!, project.Name, project.CreatedAt));
    }

    /// <summary>The ids of a dataset and its project; null if there is none, which was then reported.</summary>
    /// <param name="reference">The dataset.</param>
    /// <param name="project">The project on the command line; it takes precedence over the dataset's.</param>
    /// <param name="anew">True to look known names up again, once per command: they may now belong to others.</param>
    /// <param name="ifMissing">Called if there is no dataset of that name in the project, which is then no error.</param>
    public (string ProjectId, string DatasetId)? Dataset(DatasetReference reference, ProjectReference? project, bool anew = false, Action? ifMissing = null)
    {
        string? projectId = project is null ? reference.ProjectId : Project(project, anew);
        if (projectId is null)
        {
            if (project is null)
            {
                cmdlet.WriteError(Failures.MissingProject(reference));
            }

            return null;
        }

        string? datasetId = reference.Id ?? (reference.Name is null ? null : Find(projectId, reference.Name, anew) ?? LookUp(
            "dataset",
            projectId,
            reference.Name,
            client.ListDatasets(projectId, name: reference.Name),
            id => client.ListDatasets(projectId, id: id),
            dataset => (dataset.Id!, dataset.Name, dataset.CreatedAt),
            ifMissing));
        return datasetId is null ? null : (projectId, datasetId);
    }

    /// <summary>The id of an experiment; null if there is none, after the error was written. An id costs no request.</summary>
    /// <param name="reference">The experiment.</param>
    /// <param name="anew">True to look a known name up again, once per command: it may now belong to another experiment.</param>
    public string? ExperimentId(ExperimentReference reference, bool anew = false) => reference.Id ?? Experiment(reference, anew)?.Id;

    /// <summary>An experiment; null if there is none, after the error was written.</summary>
    /// <inheritdoc cref="ExperimentId"/>
    public Experiment? Experiment(ExperimentReference reference, bool anew = false)
    {
        if (TryFindExperiment(reference, anew, out Experiment? experiment, out ErrorRecord? problem))
        {
            return experiment;
        }

        cmdlet.WriteError(problem);
        return null;
    }

    /// <summary>Finds an experiment, with its project and its dataset.</summary>
    /// <param name="reference">The experiment.</param>
    /// <param name="anew">True to look a known name up again, once per command: it may now belong to another experiment.</param>
    /// <param name="experiment">It.</param>
    /// <param name="problem">The error, if it was not found.</param>
    public bool TryFindExperiment(
        ExperimentReference reference, bool anew, [NotNullWhen(true)] out Experiment? experiment, [NotNullWhen(false)] out ErrorRecord? problem)
    {
        problem = null;
        experiment = reference.Experiment ?? (reference.Id is string id ? Known.FindExperiment(id) : Present(reference.Name!, anew));
        if (experiment is not null)
        {
            return true;
        }

        requireKeys();
        try
        {
            experiment = reference.Id is string asked ? ById(asked, out problem) : ByName(reference.Name!, out problem);
        }
        catch (LlmObsException e)
        {
            problem = Failures.ExperimentNotLookedUp(e, reference.ToString());
        }

        if (experiment is null)
        {
            problem ??= Failures.ExperimentNotFound(reference.ToString(), client.Options.BaseUri.Host);
            return false;
        }

        Known.Add(experiment);
        if (reference.Id is null)
        {
            _freshExperiments[reference.Name!] = experiment;
        }

        return true;
    }

    /// <summary>The defaults for rows of an experiment, with its project and its dataset.</summary>
    /// <param name="defaults">The known defaults, which take precedence over the service's.</param>
    /// <param name="problem">The error if the experiment was not found, otherwise null.</param>
    public EventDefaults? Complete(EventDefaults defaults, string experimentId, out ErrorRecord? problem) =>
        TryFindExperiment(new ExperimentReference { Id = experimentId }, anew: false, out Experiment? found, out problem)
            ? defaults with { ProjectId = defaults.ProjectId ?? found.ProjectId, DatasetId = defaults.DatasetId ?? found.DatasetId }
            : null;

    private Experiment? Present(string name, bool anew) =>
        _freshExperiments.GetValueOrDefault(name) ?? (anew ? null : Known.FindExperimentByName(name));

    private Experiment? ById(string id, out ErrorRecord? problem)
    {
        problem = null;
        return ListExperiments(new() { Ids = [id] }).FirstOrDefault(found => found.Id == id);
    }

    // The service may add a suffix to a name: the one that somebody remembers is then the logical name, which all runs share.
    private Experiment? ByName(string name, out ErrorRecord? problem)
    {
        problem = null;
        Experiment[] found = [.. ListExperiments(new() { Name = name }).Where(experiment => experiment.Name == name)];
        if (found.Length == 0)
        {
            found = [.. ListExperiments(new() { LogicalName = name }).Where(experiment => experiment.LogicalName == name)];
        }

        if (found.Length > 1)
        {
            problem = Failures.AmbiguousName("experiment", name, [.. found.Take(MostShown).Select(Describe)], found.Length);
            return null;
        }

        // Not all ids need be UUIDs, and a new object may not be found for seconds.
        return found.Length == 1 ? found[0] : ById(name, out problem) ?? Known.FindExperimentByName(name) ?? Known.FindExperimentByLogicalName(name);
    }

    private IEnumerable<Experiment> ListExperiments(ExperimentFilter filter) => Read(client.ListExperiments(filter with { IncludeDatasetName = true }));

    private string? Find(string? projectId, string name, bool anew) => anew && !_fresh.Contains((projectId, name)) ? null : Known.Find(projectId, name);

    private string? LookUp<T>(
        string kind, string? projectId, string text, PagedCall<T> byName, Func<string, PagedCall<T>> byId, Func<T, (string Id, string? Name, DateTimeOffset? Created)> describe,
        Action? ifMissing = null)
    {
        requireKeys();
        try
        {
            (string Id, string? Name, DateTimeOffset? Created)[] named = [.. Read(byName).Select(describe)];
            // The service may find more than the very name.
            (string Id, string? Name, DateTimeOffset? Created)[] same = [.. named.Where(found => found.Name == text)];
            if (same.Length == 0)
            {
                same = [.. named.Where(found => string.Equals(found.Name, text, StringComparison.OrdinalIgnoreCase))];
            }

            if (same.Length == 0)
            {
                same = [.. Read(byId(text)).Select(describe).Where(found => found.Id == text)];
            }

            // What was just made may not be found for seconds, and what has another name by now is not meant.
            if (same.Length == 0 && Known.Find(projectId, text) is string made && !Read(byId(made)).Select(describe).Any(found => found.Id == made))
            {
                same = [(made, text, null)];
            }

            if (same.Length == 1)
            {
                Known.Add(projectId, text, same[0].Id);
                _fresh.Add((projectId, text));
                return same[0].Id;
            }

            Known.Remove(projectId, text);
            if (same.Length == 0 && ifMissing is not null)
            {
                ifMissing();
                return null;
            }

            cmdlet.WriteError(same.Length == 0
                ? Failures.NameNotFound(kind, text, projectId, client.Options.BaseUri.Host)
                : Failures.AmbiguousName(kind, text, [.. same.Take(MostShown).Select(found => Describe(found.Id, found.Created))], same.Length));
        }
        catch (LlmObsException e)
        {
            cmdlet.WriteError(Failures.ToRecord(e, text));
        }

        return null;
    }

    private IEnumerable<T> Read<T>(PagedCall<T> list) =>
        bridge.Each(list.ReadAsync(observer: new VerboseObserver(bridge))).SelectMany(page => page.Items);

    private static string Describe(Experiment experiment) => Describe(experiment.Id, experiment.CreatedAt, experiment.Status);

    private static string Describe(string id, DateTimeOffset? created, string? status = null)
    {
        string?[] facts = [created?.UtcDateTime.ToString("'made' yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), status];
        string said = string.Join(", ", facts.Where(fact => !string.IsNullOrEmpty(fact)));
        return said.Length == 0 ? id : $"{id} ({said})";
    }
}
