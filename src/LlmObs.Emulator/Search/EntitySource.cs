using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>Everything that can be searched for: kind by kind, the newest of each first. There are no runs of experiments.</summary>
/// <param name="catalog">Projects, datasets and records.</param>
/// <param name="experiments">Experiments.</param>
/// <param name="readable">What was made up to this time is found.</param>
internal sealed class EntitySource(DatasetCatalog catalog, ExperimentRegistry experiments, DateTimeOffset readable)
{
    // Each kind has a range of places of its own, in which the newest has the lowest.
    private const long PlacesPerKind = 1L << 40;

    private static readonly CatalogJson CatalogWriting = new(EmulatorRecordForm.Resource);

    /// <summary>What a search has to look through.</summary>
    public IEnumerable<FoundEntity> Of(FindRequest request) => request.Scopes.Order(StringComparer.Ordinal).Distinct().SelectMany(scope => scope switch
    {
        "datasets" => Datasets(),
        "dataset_records" => Records(request.Version),
        "experiments" => Experiments(new ExperimentExtras(request.IncludeUser, _ => null, _ => null)),
        "projects" => Projects(),
        _ => [],
    });

    private IEnumerable<FoundEntity> Datasets() => catalog.Datasets
        .Where(entry => entry.Dataset.CreatedAt <= readable)
        .Select(entry => Found("datasets", 2, entry.Number, json => CatalogWriting.WriteDataset(json, entry.Dataset)));

    private IEnumerable<FoundEntity> Records(long? version)
    {
        long place = 0;
        foreach ((_, StoredDataset dataset) in catalog.Datasets)
        {
            foreach (StoredRecord record in catalog.Version(dataset.Id, version)?.Records.Where(record => record.CreatedAt <= readable) ?? [])
            {
                // Records have no number of their own among those of all datasets.
                yield return Found("dataset_records", 1, --place, json => CatalogWriting.WriteRecord(json, dataset.Id, record));
            }
        }
    }

    private IEnumerable<FoundEntity> Experiments(ExperimentExtras extras) => experiments.NewestFirst
        .Select(number => (Number: number, Experiment: experiments[number].Current))
        .Where(entry => entry.Experiment.CreatedAt <= readable)
        .Select(entry => Found("experiments", 3, entry.Number, json => ExperimentResource.WriteFlat(json, entry.Experiment, extras)) with
        {
            IsDeleted = entry.Experiment.DeletedAt is not null,
        });

    private IEnumerable<FoundEntity> Projects() => catalog.Projects
        .Where(entry => entry.Project.CreatedAt <= readable)
        .Select(entry => Found("projects", 4, entry.Number, json => CatalogWriting.WriteProject(json, entry.Project)));

    private static FoundEntity Found(string scope, int kind, long number, Action<Utf8JsonWriter> write) =>
        new(scope, ((kind + 1) * PlacesPerKind) - number, IsDeleted: false, ResourceDocument.Write(write));
}
