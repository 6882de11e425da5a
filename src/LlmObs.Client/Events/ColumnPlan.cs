namespace LlmObs.Client;

/// <summary>
/// Which column holds which field, worked out once for all rows that have the same columns.
/// </summary>
public sealed class ColumnPlan
{
    private static readonly int FieldCount = Enum.GetValues<EventField>().Length;

    private readonly int[] columnOf = new int[FieldCount];
    private readonly bool[] isJson;
    private readonly OrderedDictionary<string, int> metaMembers = new(StringComparer.Ordinal);
    private readonly List<string> unknown = [];

    /// <summary>Works out the plan.</summary>
    /// <param name="columns">The columns' names in order.</param>
    /// <param name="jsonColumns">The columns whose text is JSON; case does not matter.</param>
    /// <param name="isTable">Whether the columns are those of a table, and mean no fields by their names.</param>
    /// <exception cref="EventRowException">Two columns mean the same field.</exception>
    public ColumnPlan(IReadOnlyList<string> columns, IReadOnlySet<string> jsonColumns, bool isTable = false)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(jsonColumns);
        Columns = columns;
        Array.Fill(columnOf, -1);
        isJson = new bool[columns.Count];
        for (int column = 0; column < columns.Count; column++)
        {
            isJson[column] = jsonColumns.Contains(columns[column]);
            if (!isTable)
            {
                Place(columns[column], column);
            }
        }
    }

    /// <summary>The columns' names in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Columns that are no field of an event, and are not sent.</summary>
    public IReadOnlyList<string> UnknownColumns => unknown;

    /// <summary>Members of <c>meta</c> that columns name one by one.</summary>
    public IReadOnlyList<string> MetaMembers => metaMembers.Keys;

    /// <summary>The column of a field, or -1.</summary>
    /// <param name="field">Which.</param>
    /// <returns>Its index.</returns>
    public int ColumnOf(EventField field) => columnOf[(int)field];

    /// <summary>The column of a member of <c>meta</c>.</summary>
    /// <param name="member">Its place in <see cref="MetaMembers"/>.</param>
    /// <returns>Its index.</returns>
    public int ColumnOfMetaMember(int member) => metaMembers.GetAt(member).Value;

    /// <summary>Whether the text of a column is JSON.</summary>
    /// <param name="column">Its index, or -1.</param>
    /// <returns>True where the user named it.</returns>
    public bool IsJson(int column) => column >= 0 && isJson[column];

    private void Place(string name, int column)
    {
        if (EventFieldNames.TryFind(name, out EventField field, out string? metaMember))
        {
            int taken = columnOf[(int)field];
            if (taken >= 0)
            {
                throw new EventRowException(EventFieldNames.ApiName(field), $"is given by two columns, '{Columns[taken]}' and '{name}'; leave one out");
            }

            columnOf[(int)field] = column;
        }
        else if (metaMember is not null)
        {
            if (!metaMembers.TryAdd(metaMember, column))
            {
                throw new EventRowException("meta." + metaMember, "is given by two columns; leave one out");
            }
        }
        else
        {
            unknown.Add(name);
        }
    }
}
