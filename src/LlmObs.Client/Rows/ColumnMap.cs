namespace LlmObs.Client.Rows;

/// <summary>
/// Which column holds which field, worked out once for all rows that have the same columns.
/// </summary>
public sealed class ColumnMap
{
    private static readonly int FieldCount = Enum.GetValues<EventField>().Length;

    private readonly int[] _columnOf = new int[FieldCount];
    private readonly bool[] _isJson;
    private readonly OrderedDictionary<string, int> _metaMembers = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private readonly DuplicateColumns _repeated = new();
    private readonly List<int> _repeatedColumns = [];

    /// <summary>Works out the plan.</summary>
    /// <param name="columns">The columns' names in order.</param>
    /// <param name="jsonColumns">The columns whose text is JSON; case does not matter.</param>
    /// <param name="isTable">True for the columns of a table, whose names are not field names.</param>
    /// <exception cref="EventRowException">Two columns mean the same member of <c>meta</c>.</exception>
    public ColumnMap(IReadOnlyList<string> columns, IReadOnlySet<string> jsonColumns, bool isTable = false)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(jsonColumns);
        Columns = columns;
        Array.Fill(_columnOf, -1);
        _isJson = new bool[columns.Count];
        for (int column = 0; column < columns.Count; column++)
        {
            _isJson[column] = jsonColumns.Contains(columns[column]);
            if (!isTable)
            {
                Place(columns[column], column);
            }
        }

        if (IsReadBack)
        {
            _unknown.RemoveAll(FieldNames.IsOfService);
        }
    }

    /// <summary>The columns' names in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Columns that are no field of an event, and are not sent.</summary>
    public IReadOnlyList<string> UnknownColumns => _unknown;

    /// <summary>True if there are columns that only events have that were read back; see <see cref="EventRow.IsReadBack"/>.</summary>
    public bool IsReadBack { get; private set; }

    /// <summary>The fields that more than one column gives.</summary>
    public IReadOnlyList<DuplicateColumn> Repeated => _repeated.Items;

    /// <summary>Members of <c>meta</c> that columns name one by one.</summary>
    public IReadOnlyList<string> MetaMembers => _metaMembers.Keys;

    /// <summary>The column of a field, or -1.</summary>
    /// <param name="field">Which.</param>
    /// <returns>Its index.</returns>
    public int ColumnOf(EventField field) => _columnOf[(int)field];

    /// <summary>The other column of a field that more than one gives.</summary>
    /// <param name="index">Its place in <see cref="Repeated"/>.</param>
    /// <returns>Its index.</returns>
    public int ColumnOfRepeated(int index) => _repeatedColumns[index];

    /// <summary>The column of a member of <c>meta</c>.</summary>
    /// <param name="member">Its place in <see cref="MetaMembers"/>.</param>
    /// <returns>Its index.</returns>
    public int ColumnOfMetaMember(int member) => _metaMembers.GetAt(member).Value;

    /// <summary>True if the text of a column is JSON.</summary>
    /// <param name="column">Its index, or -1.</param>
    /// <returns>True if the user named it.</returns>
    public bool IsJson(int column) => column >= 0 && _isJson[column];

    private void Place(string name, int column)
    {
        if (FieldNames.TryFind(name, out EventField field, out string? metaMember))
        {
            PlaceField(field, name, column);
        }
        else if (metaMember is not null)
        {
            if (!_metaMembers.TryAdd(metaMember, column))
            {
                throw new EventRowException("meta." + metaMember, $"is given by two columns, '{Columns[_metaMembers[metaMember]]}' and '{name}'; leave one out");
            }
        }
        else
        {
            _unknown.Add(name);
        }
    }

    /// <summary>Of several columns the first counts, unless a later one is more exact; each row is checked for equal values.</summary>
    private void PlaceField(EventField field, string name, int column)
    {
        int taken = _columnOf[(int)field];
        IsReadBack |= taken >= 0 || FieldNames.IsReadOnly(field);
        if (taken < 0)
        {
            _columnOf[(int)field] = column;
            return;
        }

        if (FieldNames.IsView(field, Columns[taken], name))
        {
            (taken, column) = (column, taken);
            _columnOf[(int)field] = taken;
        }

        _repeated.Add(field, Columns[taken], Columns[column]);
        _repeatedColumns.Add(column);
    }
}

/// <summary>The fields that a row, or all rows with the same columns, give more than once.</summary>
internal sealed class DuplicateColumns
{
    private readonly List<DuplicateColumn> _items = [];

    public IReadOnlyList<DuplicateColumn> Items => _items;

    /// <summary>One more name of a field that has one.</summary>
    /// <param name="field">Which.</param>
    /// <param name="name">The name that it is taken from now.</param>
    /// <param name="other">The name that gives way.</param>
    public void Add(EventField field, string name, string other)
    {
        _items.Add(new DuplicateColumn(field, name, other, IsView: false));
        for (int index = 0; index < _items.Count; index++)
        {
            if (_items[index].Field == field)
            {
                _items[index] = _items[index] with { Name = name, IsView = FieldNames.IsView(field, _items[index].Other, name) };
            }
        }
    }

    public void Clear() => _items.Clear();
}

/// <summary>A field that a row gives more than once.</summary>
/// <param name="Field">Which.</param>
/// <param name="Name">The row's name for the column that counts.</param>
/// <param name="Other">The row's name for the other column.</param>
/// <param name="IsView">True if the other one is only for display, and may be less exact: <c>StartTime</c> beside <c>StartNs</c>.</param>
public sealed record DuplicateColumn(EventField Field, string Name, string Other, bool IsView);
