namespace LlmObs.Client.Records;

/// <summary>Where the fields of a record stand in rows with certain columns.</summary>
internal sealed class RecordColumns
{
    private RecordColumns(IReadOnlyList<string> columns) => Names = columns;

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<int> Input { get; private init; } = [];

    public IReadOnlyList<int> Expected { get; private init; } = [];

    /// <summary>Columns that become members of the metadata.</summary>
    public IReadOnlyList<int> MetadataMembers { get; private init; } = [];

    /// <summary>The column that is the metadata as a whole; -1 for none.</summary>
    public int Metadata { get; private init; } = -1;

    public int Id { get; private init; } = -1;

    public int Tags { get; private init; } = -1;

    /// <summary>Columns that become nothing.</summary>
    public IReadOnlyList<string> Unknown { get; private init; } = [];

    /// <exception cref="EventRowException">The mapping names a column that is not there.</exception>
    public static RecordColumns Of(IReadOnlyList<string> columns, RecordMapping mapping)
    {
        if (!mapping.IsGiven)
        {
            return ByName(columns);
        }

        int Find(string name) => IndexOf(columns, name) is >= 0 and int index
            ? index
            : throw new EventRowException(string.Empty, $"there is no column '{name}'; the columns are {string.Join(", ", columns)}");
        return new RecordColumns(columns)
        {
            Input = [.. mapping.InputColumns.Select(Find)],
            Expected = [.. mapping.ExpectedColumns.Select(Find)],
            MetadataMembers = [.. mapping.MetadataColumns.Select(Find)],
            Id = mapping.IdColumn is null ? -1 : Find(mapping.IdColumn),
        };
    }

    private static RecordColumns ByName(IReadOnlyList<string> columns)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var unknown = new List<string>();
        for (int column = 0; column < columns.Count; column++)
        {
            if (FieldNames.OfRecord(columns[column]) is not string field)
            {
                unknown.Add(columns[column]);
            }
            else if (!places.TryAdd(field, column))
            {
                throw new EventRowException(field, $"is given by two columns, '{columns[places[field]]}' and '{columns[column]}'; leave one out");
            }
        }

        int At(string field) => places.GetValueOrDefault(field, -1);
        return new RecordColumns(columns)
        {
            Input = At("input") is >= 0 and int input ? [input] : [],
            Expected = At("expected_output") is >= 0 and int expected ? [expected] : [],
            Metadata = At("metadata"),
            Id = At("id"),
            Tags = At("tags"),
            Unknown = unknown,
        };
    }

    private static int IndexOf(IReadOnlyList<string> columns, string name)
    {
        for (int column = 0; column < columns.Count; column++)
        {
            if (string.Equals(columns[column], name, StringComparison.OrdinalIgnoreCase))
            {
                return column;
            }
        }

        return -1;
    }
}
