using System.Management.Automation;

namespace LlmObs.PowerShell.Input;

/// <summary>
/// The values of some rows that follow each other and have the same columns, taken off their objects: from here on they can
/// be read on any thread. Only plain values are in it (texts, numbers, times), none that PowerShell would have to unfold.
/// </summary>
internal sealed class RowBlock(ColumnMap plan, long firstRow)
{
    private const int Capacity = 64;

    private readonly object?[] _values = new object?[plan.Columns.Count * Capacity];
    private readonly PSObject[] _sources = new PSObject[Capacity];

    public ColumnMap Plan => plan;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The object that a row was taken from, for errors.</summary>
    public PSObject Source(int row) => _sources[row];

    public RowPlace Place(int row) => new(null, firstRow + row);

    public object? Value(int row, int column) => _values[(row * plan.Columns.Count) + column];

    /// <summary>The place for the values of the next row; it counts once it is closed.</summary>
    public Span<object?> Open() => _values.AsSpan(Count * plan.Columns.Count, plan.Columns.Count);

    public void Close(PSObject source) => _sources[Count++] = source;
}

/// <summary>A row of a block.</summary>
internal sealed class RowBlockCursor : EventRow
{
    private RowBlock _block = null!;
    private int _row;

    public override RowPlace Place => _block.Place(_row);

    public override IReadOnlyList<string> MetaMembers => _block.Plan.MetaMembers;

    public override IReadOnlyList<string> Columns => _block.Plan.Columns;

    public override bool IsReadBack => _block.Plan.IsReadBack;

    public override IReadOnlyList<DuplicateColumn> Repeated => _block.Plan.Repeated;

    public void Load(RowBlock from, int index) => (_block, _row) = (from, index);

    public override Cell Get(EventField field) => At(_block.Plan.ColumnOf(field));

    public override Cell GetColumn(int index) => At(index);

    public override Cell GetRepeated(int index) => At(_block.Plan.ColumnOfRepeated(index));

    public override Cell GetMetaMember(int index) => At(_block.Plan.ColumnOfMetaMember(index));

    public override bool IsJsonColumn(EventField field) => _block.Plan.IsJson(_block.Plan.ColumnOf(field));

    private Cell At(int column)
    {
        if (column < 0)
        {
            return Cell.Missing;
        }

        object? value = _block.Value(_row, column);
        return Cell.Of(value, value);
    }
}
