using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Input;

/// <summary>A row of a block.</summary>
internal sealed class BlockRow : EventRow
{
    private RowBlock block = null!;
    private int row;

    public override RowPlace Place => block.Place(row);

    public override IReadOnlyList<string> MetaMembers => block.Plan.MetaMembers;

    public override IReadOnlyList<string> Columns => block.Plan.Columns;

    public override bool IsReadBack => block.Plan.IsReadBack;

    public override IReadOnlyList<RepeatedField> Repeated => block.Plan.Repeated;

    public void Load(RowBlock from, int index) => (block, row) = (from, index);

    [MethodImpl(HotPath.Compiled)]
    public override Cell Get(EventField field) => At(block.Plan.ColumnOf(field));

    public override Cell GetColumn(int index) => At(index);

    public override Cell GetRepeated(int index) => At(block.Plan.ColumnOfRepeated(index));

    public override Cell GetMetaMember(int index) => At(block.Plan.ColumnOfMetaMember(index));

    public override bool IsJsonColumn(EventField field) => block.Plan.IsJson(block.Plan.ColumnOf(field));

    [MethodImpl(HotPath.Compiled)]
    private Cell At(int column)
    {
        if (column < 0)
        {
            return Cell.Missing;
        }

        object? value = block.Value(row, column);
        return Cell.Of(value, value);
    }
}
