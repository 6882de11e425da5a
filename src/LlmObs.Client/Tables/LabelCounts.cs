using System.Runtime.InteropServices;

namespace LlmObs.Client.Tables;

/// <summary>Counts, for one experiment, the rows that have a value for each metric.</summary>
internal sealed class LabelCounts(string experiment)
{
    private readonly List<string> _labels = []; // in the order that they were met
    private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lists = new(StringComparer.Ordinal); // columns that hold metrics of other names
    private long _rows;

    public string Experiment => experiment;

    public void CountRow(IReadOnlyList<TableMetric> columns)
    {
        _rows++;
        foreach (TableMetric column in columns)
        {
            Add(column.Label, 0);
        }
    }

    public void CountValue(string label) => Add(label, 1);

    public void CountList(string column) => _lists.Add(column);

    public IReadOnlyList<LabelCount> ToList() => [.. _labels
        .Where(label => _values[label] > 0 || !_lists.Contains(label))
        .Select(label => new LabelCount { Label = label, ValueCount = _values[label], MissingCount = _rows - _values[label] })];

    private void Add(string label, long count)
    {
        ref long values = ref CollectionsMarshal.GetValueRefOrAddDefault(_values, label, out bool isKnown);
        values += count;
        if (!isKnown)
        {
            _labels.Add(label);
        }
    }
}
