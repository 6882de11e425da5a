using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>
/// Asks the JSON of an entity what a query asks for. A field is a path (<c>metadata.commit</c>), also with the kind of
/// entity before it (of experiments: <c>experiment.status</c>, <c>experiment_id</c>); a term is looked for in every text.
/// </summary>
internal static class EntityQuery
{
    public static bool Matches(QueryNode node, FoundEntity entity) => node switch
    {
        QueryNode.Term term => HasText(new TextTest(term.Word), entity.Json),
        QueryNode.Value { Word.Pattern: { } pattern } value => Any(value.Field, new PatternTest(pattern), entity),
        QueryNode.Value value => Any(value.Field, new EqualTest(value.Word.Text), entity),
        QueryNode.Exists exists => Any(exists.Field, new ValueTest.Any(), entity),
        QueryNode.Range range => Any(range.Field, new RangeTest(range.Low, range.High), entity),
        QueryNode.Not not => !Matches(not.Part, entity),
        QueryNode.And and => and.Parts.All(part => Matches(part, entity)),
        QueryNode.Or or => or.Parts.Any(part => Matches(part, entity)),
        _ => true,
    };

    /// <summary>The values of a field; none if it is missing.</summary>
    public static List<FieldValue> ValuesOf(string field, FoundEntity entity)
    {
        var values = new List<FieldValue>();
        foreach (string path in Paths(field, entity.Kind))
        {
            new JsonPath(path).Collect(entity.Json, values);
            if (values.Count > 0)
            {
                break;
            }
        }

        return values;
    }

    private static IEnumerable<string> Paths(string field, string kind)
    {
        string own = field == kind + "_id" ? "id" : field.StartsWith(kind + ".", StringComparison.Ordinal) ? field[(kind.Length + 1)..] : field;

        // Flat entities have their fields at once, resources have them in "attributes".
        return [own, "attributes." + own];
    }

    private static bool Any(QueryField field, ValueTest test, FoundEntity entity) =>
        ValuesOf(field.Name, entity).Exists(value => test.Matches(in value));

    private static bool HasText(TextTest test, byte[] json)
    {
        var reader = new Utf8JsonReader(json, BodyJson.ReaderOptions);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && test.Matches(reader.GetString()))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Everything that can be searched for: kind by kind, the newest of each first. There are no runs of experiments.</summary>
/// <param name="catalog">Projects, datasets and records.</param>
/// <param name="readable">Objects that were made up to this time are found.</param>
internal sealed class EntitySource(DatasetCatalog catalog, ExperimentRegistry experiments, DateTimeOffset readable)
{
    // Each kind has a range of places of its own, in which the newest has the lowest.
    private const long PlacesPerKind = 1L << 40;

    private static readonly CatalogJson CatalogWriting = new(EmulatorRecordForm.Resource);

    /// <summary>The objects that a search has to check.</summary>
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
                // Records of all datasets have no common numbers.
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

/// <summary>Finds what a search asks for.</summary>
internal sealed class Finder(EmulatorStore store, EmulatorOptions options)
{
    /// <summary>Looks through everything, for as long as the caller goes on asking.</summary>
    /// <param name="use">Uses the results; nothing is written meanwhile.</param>
    public T Find<T>(FindRequest request, Func<IEnumerable<FoundEntity>, T> use)
    {
        DateTimeOffset readable = options.Time.GetUtcNow() - options.ReadLag;
        return store.Read((experiments, _) => use(
            new EntitySource(store.Catalog, experiments, readable).Of(request)
                .Where(entity => request.Wants(entity.IsDeleted) && EntityQuery.Matches(request.Query, entity))));
    }
}

/// <summary>Writes the results, kind by kind.</summary>
internal static class FindAnswer
{
    /// <summary>The whole answer.</summary>
    /// <param name="found">The objects found.</param>
    /// <param name="writeMeta">Writes the member <c>meta</c>.</param>
    public static ReadOnlySequence<byte> Write(FindRequest request, IReadOnlyList<FoundEntity> found, Action<Utf8JsonWriter> writeMeta) => ResourceDocument.WriteLong(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("data");
        ResourceDocument.WriteResource(json, RandomIds.New(), "experimentation", () =>
        {
            foreach (string scope in request.Scopes.Distinct())
            {
                json.WriteStartArray(scope);
                foreach (FoundEntity entity in found.Where(entity => entity.Scope == scope))
                {
                    json.WriteRawValue(entity.Json, skipInputValidation: true);
                }

                json.WriteEndArray();
            }
        });
        writeMeta(json);
        json.WriteEndObject();
    });
}

/// <summary>Something that can be searched for.</summary>
/// <param name="Scope">Its kind, as the filter names it.</param>
/// <param name="Place">Its place in the list of everything; it never changes.</param>
/// <param name="IsDeleted">True if it is deleted.</param>
/// <param name="Json">It, as an answer gives it out.</param>
internal sealed record FoundEntity(string Scope, long Place, bool IsDeleted, byte[] Json)
{
    /// <summary>One of its kind, as names of fields begin with it: <c>experiment</c>.</summary>
    public string Kind => Scope.TrimEnd('s');
}
