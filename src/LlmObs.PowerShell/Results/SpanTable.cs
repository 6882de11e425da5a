using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text;

namespace LlmObs.PowerShell.Results;

/// <summary>
/// Gathers spans, or the metrics of experiments as a whole, and gives them out as rows: a property for each column that any of
/// them needs, on every row, because Export-Csv and Format-Table take the columns of the first.
/// </summary>
internal sealed class SpanTable
{
    // Scores come right after their record: Format-Table shows no more than ten columns.
    private static readonly string[] Kinds = ["key", "label", "label error", "Input", "Output", "ExpectedOutput", "fact", "Metadata"];
    private static readonly string[] Keys = ["RecordId", "RunIteration", "Status"];
    private static readonly string[] Facts = ["ErrorType", "ErrorMessage", "DurationSeconds", "StartTime", "Name", "SpanId", "TraceId", "Tags"];

    private static readonly string[] Reserved = [.. Keys, .. Facts, "ExperimentId", "Input", "Output", "ExpectedOutput", "Metadata"];

    private readonly OrderedDictionary<Column, object?> _columns = [];
    private readonly List<Dictionary<Column, object?>> _rows = [];

    /// <summary>Adds a span with its metrics.</summary>
    public void Add(ExperimentSpan span)
    {
        Dictionary<Column, object?> row = Begin(span.ExperimentId);
        PutAll(row, "key", Keys, [ResultRows.RecordIdOf(span), ResultRows.IterationOf(span), span.Status]);
        PutAll(row, "fact", Facts, [span.ErrorType, span.ErrorMessage, span.DurationNs / 1e9, span.StartTime, span.Name, span.SpanId, span.TraceId, span.Tags.Count == 0 ? null : string.Join(", ", span.Tags)]);
        Spread(row, "Input", span.Input);
        Spread(row, "Output", span.Output);
        Spread(row, "ExpectedOutput", span.ExpectedOutput);
        Spread(row, "Metadata", span.Metadata);
        PutAll(row, span.EvalMetrics);
    }

    /// <summary>Adds the metrics of a whole experiment: one row.</summary>
    public void Add(string experimentId, IEnumerable<ExperimentMetric> summary) => PutAll(Begin(experimentId), summary);

    /// <summary>The rows so far, each with all columns; a column that a row does not have is null there.</summary>
    public IEnumerable<PSObject> Rows()
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        (Column Column, string Name)[] columns = [.. _columns.Keys.OrderBy(column => Array.IndexOf(Kinds, column.Kind)).Select(column => (column, column.NameBeside(taken)))];
        string[] shown = [.. columns.Where(pair => pair.Column.Kind is "key" or "label" && _rows.Exists(row => row.GetValueOrDefault(pair.Column) is not null and not 1)).Select(pair => pair.Name)];
        foreach (Dictionary<Column, object?> row in _rows)
        {
            PSObject result = new();
            foreach ((Column column, string name) in columns)
            {
                result.Properties.Add(new PSNoteProperty(name, row.GetValueOrDefault(column)));
            }

            result.Members.Add(new PSMemberSet("PSStandardMembers", [new PSPropertySet("DefaultDisplayPropertySet", shown)]));
            yield return result;
        }
    }

    private Dictionary<Column, object?> Begin(string? experimentId)
    {
        Dictionary<Column, object?> row = [];
        _rows.Add(row);
        Put(row, new("fact", "ExperimentId"), experimentId);
        return row;
    }

    private void PutAll(Dictionary<Column, object?> row, string kind, string[] names, object?[] values)
    {
        foreach ((string name, object? value) in names.Zip(values))
        {
            Put(row, new(kind, name), value);
        }
    }

    private void PutAll(Dictionary<Column, object?> row, IEnumerable<ExperimentMetric> metrics)
    {
        foreach (ExperimentMetric metric in metrics)
        {
            string label = metric.Label ?? string.Empty;
            Put(row, new("label", label), metric.Value is object value ? Cell(value) : metric.Assessment);
            if (metric.ErrorMessage is not null)
            {
                Put(row, new("label error", label), metric.ErrorMessage);
            }
        }
    }

    // An object becomes a column a member, and what lies deeper stays JSON, as a cell of a file can hold it.
    private void Spread(Dictionary<Column, object?> row, string kind, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case PSObject { BaseObject: PSCustomObject } shown:
                foreach (PSPropertyInfo member in shown.Properties)
                {
                    Put(row, new(kind, member.Name), Cell(member.Value));
                }

                break;
            case IEnumerable<KeyValuePair<string, object?>> members:
                foreach ((string name, object? member) in members)
                {
                    Put(row, new(kind, name), Cell(member));
                }

                break;
            default:
                Put(row, new(kind, null), Cell(value));
                break;
        }
    }

    private static object? Cell(object? value) => value is null or string or decimal or BigInteger || value.GetType().IsPrimitive
        ? value
        : Encoding.UTF8.GetString(ResultRows.Json(value).Utf8.Span);

    private void Put(Dictionary<Column, object?> row, Column column, object? value)
    {
        _columns.TryAdd(column, null);
        row[column] = value;
    }

    /// <summary>A column with its origin: the same word may be a label and a member of the input.</summary>
    /// <param name="Kind">One of <see cref="Kinds"/>.</param>
    /// <param name="Key">The member or the label; null for a value that has no members.</param>
    private sealed record Column(string Kind, string? Key)
    {
        /// <summary>A name that no other column has; PowerShell ignores case.</summary>
        public string NameBeside(HashSet<string> taken)
        {
            string plain = Kind switch
            {
                "key" or "fact" => Key!,
                "label" => IsReserved(Key!) ? $"metric.{Key}" : Key!,
                "label error" => $"{Key}.error",
                _ => Key is null ? Kind : $"{Kind}.{Key}",
            };
            string name = plain;
            for (int number = 2; !taken.Add(name); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{plain} {number}");
            }

            return name;
        }

        // Whatever a label is called, Input is the input.
        private static bool IsReserved(string label) =>
            label.Length == 0 || Reserved.Any(name => label.Equals(name, StringComparison.OrdinalIgnoreCase) || label.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase));
    }
}
