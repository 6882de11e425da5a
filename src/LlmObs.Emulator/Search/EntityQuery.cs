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

    /// <summary>The values of a field; none where it is missing.</summary>
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
