using System.Globalization;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// Finds the ids that are meant by names: exactly one project or dataset must have the name, or, where none has, the text
/// must be an id. What can't be found is an error of the pipeline.
/// </summary>
internal sealed class NameResolver(LlmObsCmdlet cmdlet, PipelineBridge bridge, LlmObsClient client, Action requireKeys)
{
    private const int MostShown = 10;

    /// <summary>The names of the profile's present settings.</summary>
    public NameTable Known { get; } = NameTable.Of(client);

    /// <summary>The id of a project; null where there is none, which has then been said.</summary>
    public string? Project(ProjectReference reference)
    {
        if (reference.Id is not null || reference.Name is null)
        {
            return reference.Id;
        }

        return Known.Find(null, reference.Name) ?? LookUp(
            "project",
            null,
            reference.Name,
            client.ListProjects(name: reference.Name),
            client.ListProjects(id: reference.Name),
            project => (project.Id!, project.Name, project.CreatedAt));
    }

    /// <summary>The ids of a dataset and its project; null where there is none, which has then been said.</summary>
    /// <param name="reference">The dataset.</param>
    /// <param name="project">The project that the command line names; it goes before that of the dataset.</param>
    public (string ProjectId, string DatasetId)? Dataset(DatasetReference reference, ProjectReference? project)
    {
        string? projectId = project is null ? reference.ProjectId : Project(project);
        if (projectId is null)
        {
            if (project is null)
            {
                cmdlet.WriteError(Failures.MissingProject(reference));
            }

            return null;
        }

        string? datasetId = reference.Id ?? (reference.Name is null ? null : Known.Find(projectId, reference.Name) ?? LookUp(
            "dataset",
            projectId,
            reference.Name,
            client.ListDatasets(projectId, name: reference.Name),
            client.ListDatasets(projectId, id: reference.Name),
            dataset => (dataset.Id!, dataset.Name, dataset.CreatedAt)));
        return datasetId is null ? null : (projectId, datasetId);
    }

    private string? LookUp<T>(
        string kind, string? projectId, string text, PagedCall<T> byName, PagedCall<T> byId, Func<T, (string Id, string? Name, DateTimeOffset? Created)> describe)
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
                same = [.. Read(byId).Select(describe).Where(found => found.Id == text)];
            }

            if (same.Length == 1)
            {
                Known.Add(projectId, text, same[0].Id);
                return same[0].Id;
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
