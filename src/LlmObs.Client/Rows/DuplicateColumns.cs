namespace LlmObs.Client.Rows;

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
/// <param name="Name">What the row calls it where it is taken from.</param>
/// <param name="Other">What the row calls it the other time.</param>
/// <param name="IsView">Whether the other one only shows the first, and may be less exact: <c>StartTime</c> beside <c>StartNs</c>.</param>
public sealed record DuplicateColumn(EventField Field, string Name, string Other, bool IsView);
