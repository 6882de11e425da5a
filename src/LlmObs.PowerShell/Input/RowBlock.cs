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

    /// <summary>Where the values of the next row go; it counts once it is closed.</summary>
    public Span<object?> Open() => _values.AsSpan(Count * plan.Columns.Count, plan.Columns.Count);

    public void Close(PSObject source) => _sources[Count++] = source;
}
