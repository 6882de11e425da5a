using System.Globalization;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// Finds the ids that are meant by names: exactly one project or dataset must have the name, or, where none has, the text
/// must be an id. What can't be found is an error of the pipeline.
/// </summary>
internal sealed class NameResolver(LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, LlmObsClient client, Action requireKeys)
{
    private const int MostShown = 10;

    private readonly HashSet<(string? ProjectId, string Name)> _fresh = [];

    /// <summary>The names of the profile's present settings.</summary>
    public ResolvedNameCache Known { get; } = ResolvedNameCache.Of(client);

    /// <summary>The id of a project; null where there is none, which has then been said.</summary>
    /// <param name="reference">The project.</param>
    /// <param name="anew">Whether a name is looked up although it is known, once a command: somebody may have given it to another.</param>
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

    /// <summary>The ids of a dataset and its project; null where there is none, which has then been said.</summary>
    /// <param name="reference">The dataset.</param>
    /// <param name="project">The project that the command line names; it goes before that of the dataset.</param>
    /// <param name="anew">Whether names are looked up although they are known, once a command: somebody may have given them to others.</param>
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

    private static string Describe(string id, DateTimeOffset? created) =>
        created is null ? id : string.Create(CultureInfo.InvariantCulture, $"{id} (made {created.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)");
}
