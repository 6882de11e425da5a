using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>The order of results.</summary>
/// <param name="Field">The field, by its path.</param>
/// <param name="IsFalling">True if the largest comes first.</param>
internal sealed record SortField(string Field, bool IsFalling)
{
    public static Problem? Read(JsonFields attributes, out IReadOnlyList<SortField> fields)
    {
        var found = new List<SortField>();
        fields = found;
        if (attributes.Array("sort", out JsonElement list) is { } problem)
        {
            return problem;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach ((int index, JsonElement item) in list.EnumerateArray().Index())
        {
            string pointer = FormattableString.Invariant($"{attributes.PointerTo("sort")}/{index}");
            if (item.ValueKind != JsonValueKind.Object)
            {
                return Problem.WrongType("sort", "a list of objects", BodyJson.NameOf(item.ValueKind), pointer);
            }

            var one = new JsonFields(item, pointer);
            string? direction = null;
            if ((one.RequiredText("field", out string field) ?? one.Text("direction", out direction)) is { } wrong)
            {
                return wrong;
            }

            if (direction is not (null or "asc" or "desc"))
            {
                return Problem.BadRequest($"'direction' must be asc or desc, not '{direction}'.", pointer + "/direction");
            }

            found.Add(new SortField(field, direction == "desc"));
        }

        return null;
    }

    /// <summary>Sorts; entities without the field come last, whichever way it goes.</summary>
    public static IEnumerable<FoundEntity> Apply(IReadOnlyList<SortField> fields, IEnumerable<FoundEntity> entities)
    {
        IOrderedEnumerable<FoundEntity> sorted = entities.Order(Comparer<FoundEntity>.Create((_, _) => 0));
        foreach (SortField field in fields)
        {
            sorted = sorted.ThenBy(entity => field.KeyOf(entity).Kind == FieldKind.None);
            sorted = field.IsFalling ? sorted.ThenByDescending(field.KeyOf) : sorted.ThenBy(field.KeyOf);
        }

        return sorted;
    }

    private FieldValue KeyOf(FoundEntity entity) => EntityQuery.ValuesOf(Field, entity).FirstOrDefault(FieldValue.None);
}
