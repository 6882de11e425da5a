using System.Runtime.InteropServices;
using System.Text;

namespace LlmObs.Client.Tables;

/// <summary>The texts that mean "no value".</summary>
internal sealed class MissingValues
{
    private readonly HashSet<string> _words;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _longest;

    public MissingValues(IEnumerable<string> given)
    {
        _words = given.Select(word => word.Trim()).Where(word => word.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = _words.Count == 0 ? 0 : _words.Max(word => word.Length);
    }

    /// <summary>True if a cell holds such a text; <paramref name="word"/> is its spelling in the list.</summary>
    public bool Has(in Cell cell, out string word)
    {
        const int MostBlanks = 16;
        word = string.Empty;
        if (cell.Kind == CellKind.Number)
        {
            return double.IsNaN(cell.Number) && _words.TryGetValue("nan", out word!);
        }

        if (cell.Kind == CellKind.Utf8)
        {
            // Most cells are longer or numbers: they are not made a string for this.
            if (cell.Utf8.Length > (_longest * 4) + MostBlanks || !Ascii.IsValid(cell.Utf8))
            {
                return _longest > 0 && cell.Utf8.Length <= (_longest * 4) + MostBlanks && _lookup.TryGetValue(Encoding.UTF8.GetString(cell.Utf8).AsSpan().Trim(), out word!);
            }

            Span<char> text = stackalloc char[cell.Utf8.Length];
            Encoding.ASCII.GetChars(cell.Utf8, text);
            return _lookup.TryGetValue(text.Trim(), out word!);
        }

        return cell.Kind is CellKind.Text or CellKind.Json && cell.TryGetText(out string found) && _lookup.TryGetValue(found.AsSpan().Trim(), out word!);
    }
}

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
