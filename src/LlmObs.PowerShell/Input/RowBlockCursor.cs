using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Input;

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

    [MethodImpl(HotPath.Compiled)]
    public override Cell Get(EventField field) => At(_block.Plan.ColumnOf(field));

    public override Cell GetColumn(int index) => At(index);

    public override Cell GetRepeated(int index) => At(_block.Plan.ColumnOfRepeated(index));

    public override Cell GetMetaMember(int index) => At(_block.Plan.ColumnOfMetaMember(index));

    public override bool IsJsonColumn(EventField field) => _block.Plan.IsJson(_block.Plan.ColumnOf(field));

    [MethodImpl(HotPath.Compiled)]
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
