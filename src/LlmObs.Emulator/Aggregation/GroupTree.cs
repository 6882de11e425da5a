using System.Runtime.InteropServices;

namespace LlmObs.Emulator.Aggregation;

/// <summary>
/// Finds an event's groups. Each field is a level, each value of it a branch, each leaf a group, so that an event's group
/// is found without putting a key together. An event with several values of a field is in several groups.
/// </summary>
/// <param name="fields">The fields to group by; none makes one group.</param>
internal sealed class GroupTree(QueryableField[] fields)
{
    /// <summary>The most groups that one event may be in; more would be a mistake rather than a question.</summary>
    public const int MaxGroupsPerEvent = 1000;

    private const int RootNode = 0;

    private readonly Dictionary<(int Parent, FieldValue Value), int> _children = [];
    private readonly List<(int Parent, FieldValue Value)> _nodes = [(-1, FieldValue.None)];

    // By node. Lists of plain numbers are fast from the first query on; .NET compiles those of other structs as they run.
    private readonly List<int> _groups = [fields.Length == 0 ? 0 : -1];
    private readonly List<Dictionary<int, int>?> _numbered = [null]; // its children by the numbers of their values
    private readonly List<int> _leaves = fields.Length == 0 ? [RootNode] : [];
    private readonly List<FieldValue> _values = [];
    private List<int> _level = [];
    private List<int> _nextLevel = [];

    /// <summary>The number of groups so far.</summary>
    public int Count => _leaves.Count;

    /// <summary>The groups of an event, by number.</summary>
    /// <param name="view">The event.</param>
    /// <param name="groups">The list to fill.</param>
    /// <returns>False if it is in too many.</returns>
    public bool TryPlace(EventView view, List<int> groups)
    {
        _level.Clear();
        _level.Add(RootNode);
        for (int depth = 0; depth < fields.Length; depth++)
        {
            bool isLeaf = depth == fields.Length - 1;
            if (fields[depth] is NumberedField numbered)
            {
                Branch(numbered, view, isLeaf);
                continue;
            }

            CollectValues(fields[depth], view);
            if ((long)_level.Count * _values.Count > MaxGroupsPerEvent)
            {
                return false;
            }

            Branch(isLeaf);
        }

        groups.Clear();
        foreach (int node in _level)
        {
            groups.Add(_groups[node]);
        }

        return true;
    }

    /// <summary>The values of a group, in the order of the fields.</summary>
    public FieldValue[] Key(int group)
    {
        var key = new FieldValue[fields.Length];
        int node = _leaves[group];
        for (int depth = fields.Length - 1; depth >= 0; depth--)
        {
            key[depth] = _nodes[node].Value;
            node = _nodes[node].Parent;
        }

        return key;
    }

    private void CollectValues(QueryableField field, EventView view)
    {
        _values.Clear();
        field.Collect(view, _values);
        if (_values.Count == 0)
        {
            _values.Add(FieldValue.None);
        }
        else if (_values.Count > 1)
        {
            // The same tag on a metric and on its span is one value.
            FieldValue[] distinct = [.. _values.Distinct()];
            _values.Clear();
            _values.AddRange(distinct);
        }
    }

    // Each node has one child: the value is one, or missing.
    private void Branch(NumberedField field, EventView view, bool isLeaf)
    {
        int number = field.NumberOf(view);
        foreach (ref int node in CollectionsMarshal.AsSpan(_level))
        {
            Dictionary<int, int> children = _numbered[node] ??= [];
            if (!children.TryGetValue(number, out int child))
            {
                child = Child(node, field.ValueOf(view), isLeaf);
                children.Add(number, child);
            }

            node = child;
        }
    }

    private void Branch(bool isLeaf)
    {
        _nextLevel.Clear();
        foreach (int parent in _level)
        {
            foreach (FieldValue value in _values)
            {
                _nextLevel.Add(Child(parent, in value, isLeaf));
            }
        }

        (_level, _nextLevel) = (_nextLevel, _level);
    }

    private int Child(int parent, in FieldValue value, bool isLeaf)
    {
        if (!_children.TryGetValue((parent, value), out int node))
        {
            node = _nodes.Count;
            _nodes.Add((parent, value));
            _groups.Add(isLeaf ? _leaves.Count : -1);
            _numbered.Add(null);
            _children.Add((parent, value), node);
            if (isLeaf)
            {
                _leaves.Add(node);
            }
        }

        return node;
    }
}
