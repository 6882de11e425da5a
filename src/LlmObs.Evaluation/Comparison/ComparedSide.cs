using System.Runtime.InteropServices;

namespace LlmObs.Evaluation.Comparison;

/// <summary>One run's rows, column by column: a number a row and label, so that a million rows fit.</summary>
internal sealed class ComparedSide
{
    private readonly Dictionary<(int Record, int Iteration), int> _rows = [];
    private readonly List<int> _records = [];
    private readonly List<long> _positions = [];
    private readonly Dictionary<string, LabelColumn> _columns = new(StringComparer.Ordinal);

    /// <summary>Rows that another row of the same record and iteration replaced.</summary>
    public int DoubleCount { get; private set; }

    /// <summary>The record of each row.</summary>
    public IReadOnlyList<int> Records => _records;

    /// <summary>The position of each row.</summary>
    public IReadOnlyList<long> Positions => _positions;

    /// <summary>The labels that occurred, with their columns.</summary>
    public IReadOnlyDictionary<string, LabelColumn> Columns => _columns;

    /// <summary>The rows whose task failed.</summary>
    public int ErrorCount => Columns.GetValueOrDefault(RunFigures.Errors) is LabelColumn column
        ? Enumerable.Range(0, Records.Count).Count(row => column.Number(row) == 1)
        : 0;

    /// <summary>The mean of each record's repeats; NaN if it has no value.</summary>
    public double[] MeansByRecord(LabelColumn? column, int recordCount, bool assessments)
    {
        double[] sums = new double[recordCount];
        Array.Fill(sums, double.NaN);
        if (column is null)
        {
            return sums;
        }

        int[] counts = new int[recordCount];
        for (int row = 0; row < Records.Count; row++)
        {
            double value = assessments ? column.Assessment(row) : column.Number(row);
            if (!double.IsNaN(value))
            {
                int record = Records[row];
                sums[record] = counts[record]++ == 0 ? value : sums[record] + value;
            }
        }

        for (int record = 0; record < sums.Length; record++)
        {
            sums[record] = counts[record] > 1 ? sums[record] / counts[record] : sums[record];
        }

        return sums;
    }

    /// <summary>The most frequent category of each record's repeats; null if it has none.</summary>
    public string?[] CategoriesByRecord(LabelColumn? column, int recordCount)
    {
        string?[] categories = new string?[recordCount];
        if (column is null)
        {
            return categories;
        }

        Dictionary<(int Record, string Category), int> counts = [];
        for (int row = 0; row < Records.Count; row++)
        {
            if (column.Category(row) is not string category)
            {
                continue;
            }

            int record = Records[row];
            int count = counts.GetValueOrDefault((record, category)) + 1;
            counts[(record, category)] = count;
            int best = categories[record] is string leader ? counts[(record, leader)] : 0;
            // Between equally frequent ones the alphabet decides, so that the order of rows does not.
            if (count > best || (count == best && string.CompareOrdinal(category, categories[record]) < 0))
            {
                categories[record] = category;
            }
        }

        return categories;
    }

    /// <summary>Reads all rows of a run.</summary>
    /// <param name="keys">The records' keys of both sides; those of this run are added.</param>
    /// <param name="byInput">True if the key is the input even if the row has a record id.</param>
    /// <returns>The side.</returns>
    public static ComparedSide Read(IComparedRun run, RecordKeys keys, bool byInput)
    {
        ComparedSide side = new();
        foreach (ComparedRow row in run.ReadRows(withInputs: byInput))
        {
            side.Add(keys.Find(byInput ? null : row.RecordId, row.InputKey), row);
        }

        return side;
    }

    private void Add(int record, ComparedRow row)
    {
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, (record, row.RunIteration), out bool isDouble);
        if (isDouble)
        {
            DoubleCount++;
            _positions[index] = row.Position;
            foreach (LabelColumn column in _columns.Values)
            {
                column.Clear(index);
            }
        }
        else
        {
            index = _records.Count;
            _records.Add(record);
            _positions.Add(row.Position);
        }

        foreach (ComparedValue value in row.Values)
        {
            ref LabelColumn? column = ref CollectionsMarshal.GetValueRefOrAddDefault(_columns, value.Label, out _);
            (column ??= new()).Set(index, value);
        }
    }
}

/// <summary>The keys that rows are paired by, each with a number.</summary>
internal sealed class RecordKeys
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _inputs = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The number of different keys.</summary>
    public int Count => _texts.Count;

    /// <summary>The text of a key: the record's id, or the input's key.</summary>
    /// <param name="record">The key's number.</param>
    public string this[int record] => _texts[record];

    /// <summary>A key's number, new for a new key.</summary>
    /// <param name="recordId">The record's id; <c>null</c> to go by the input.</param>
    /// <returns>The number, from 0 on.</returns>
    public int Find(string? recordId, string? inputKey)
    {
        string text = recordId ?? inputKey ?? string.Empty;
        ref int record = ref CollectionsMarshal.GetValueRefOrAddDefault(recordId is null ? _inputs : _ids, text, out bool exists);
        if (!exists)
        {
            record = _texts.Count;
            _texts.Add(text);
        }

        return record;
    }
}
