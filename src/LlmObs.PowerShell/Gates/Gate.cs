using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Gates;

/// <summary>
/// Holds thresholds against a table. A name that is not in the table, or could mean two things, is a problem and never
/// passed over: a gate that checks nothing lets everything through.
/// </summary>
internal sealed class Gate
{
    private readonly SummaryTable _table;
    private readonly List<Check> _checks = [];
    private readonly List<string> _problems = [];

    public Gate(SummaryTable table, IReadOnlyList<Threshold> thresholds, IReadOnlyList<ExperimentRun> runs)
    {
        _table = table;
        Apply(thresholds, table.Rows, metric: null);
        Failures = [.. RunTable.Problems(runs, _checks)];
    }

    /// <summary>Every value that was checked.</summary>
    public IReadOnlyList<Check> Checks => _checks;

    /// <summary>What failed in the runs themselves, each as a sentence.</summary>
    public IReadOnlyList<string> Failures { get; }

    /// <summary>Why the gate is closed, each as a sentence; empty if it is open.</summary>
    public IReadOnlyList<string> Broken => [.. _checks.Where(check => !check.Holds).Select(check => check.ToString()), .. Failures];

    /// <summary>Thresholds that could not be held against anything, each as a sentence.</summary>
    public IReadOnlyList<string> Problems => _problems;

    private void Apply(IReadOnlyList<Threshold> thresholds, IReadOnlyList<AggregateBucket> rows, string? metric)
    {
        foreach (Threshold threshold in thresholds)
        {
            string? named = metric is null ? _table.Measures.FirstOrDefault(one => Same(one, threshold.Name)) : null;
            string[] groups = [.. _table.Groups.Where(group => rows.Any(row => Same(SummaryTable.GroupOf(row, group), threshold.Name)))];
            switch ((named, groups.Length))
            {
                case (null, 0):
                    _problems.Add(Unknown(threshold.Name, metric));
                    break;
                case (not null, 0):
                    Check(threshold, rows, named);
                    break;
                case (null, 1):
                    Check(threshold, [.. rows.Where(row => Same(SummaryTable.GroupOf(row, groups[0]), threshold.Name))], metric);
                    break;
                default:
                    _problems.Add($"'{threshold.Name}' of -Threshold has two meanings: {string.Join(" and ", Meanings(named, groups))}. Give the metric another name with -Compute, or group by less.");
                    break;
            }
        }
    }

    private void Check(Threshold threshold, IReadOnlyList<AggregateBucket> rows, string? metric)
    {
        if (threshold.Condition is not Condition condition)
        {
            Apply(threshold.Inner, rows, metric);
        }
        else if ((metric ?? OnlyMetricOf(rows)) is string measured)
        {
            _checks.AddRange(rows.Select(row => new Check(_table.NameOf(row), measured, SummaryTable.NumberOf(row, measured), condition)));
        }
        else
        {
            _problems.Add($"'{threshold.Name}' of -Threshold names no metric ({string.Join(", ", _table.Measures)}): give @{{ '{threshold.Name}' = @{{ '{_table.Measures[0]}' = '{condition.Text}' }} }}.");
        }
    }

    private string Unknown(string name, string? metric)
    {
        string[] known = [.. (metric is null ? _table.Measures : []).Concat(_table.GroupValues)];
        return $"'{name}' of -Threshold is neither a metric nor a group of this table.{NearestWord.Ask(name, known)} It has {string.Join(", ", known)}.{HowToGet(name)}";
    }

    // What is counted on request only.
    private static string HowToGet(string name) => name.ToLowerInvariant() switch
    {
        GroupCounts.MissingCount => " Missing values are known if a run, or what Send-LlmObsEvent returned, is piped to Invoke-LlmObsAggregate, and the groups are labels.",
        GroupCounts.ErrorCount => " Failed evaluations are known if a run is piped to Invoke-LlmObsAggregate, and the groups are labels.",
        GroupCounts.ValueCount => " Values are counted in up to 20 groups, and in more with -IncludeCount of Invoke-LlmObsAggregate.",
        GroupCounts.PassRate => " There is a pass rate if metrics have an assessment, in up to 20 groups, and in more with -IncludeCount of Invoke-LlmObsAggregate.",
        GroupCounts.Share => " There is a share if the last field of -GroupBy is categorical_value, boolean_value or assessment.",
        _ => string.Empty,
    };

    // Scores and booleans have separate columns: for a label only one of them has a value.
    private string? OnlyMetricOf(IReadOnlyList<AggregateBucket> rows)
    {
        if (_table.Metrics.Count == 1)
        {
            return _table.Metrics[0];
        }

        string[] valued = [.. _table.Metrics.Where(metric => rows.Any(row => SummaryTable.NumberOf(row, metric) is not null))];
        return valued switch { [] => _table.Metrics.Count > 0 ? _table.Metrics[0] : null, [string only] => only, _ => null };
    }

    private static IEnumerable<string> Meanings(string? metric, string[] groups) =>
        (metric is null ? Array.Empty<string>() : ["a metric"]).Concat(groups.Select(group => $"a group of '{group}'"));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A condition that was held against one value of the table.</summary>
/// <param name="Row">The name that distinguishes the row from the others.</param>
/// <param name="Value">The value; null if there is no number.</param>
internal sealed record Check(string Row, string Metric, double? Value, Condition Condition)
{
    public bool Holds => Value is double number && Condition.Holds(number);

    /// <summary>The value to its last digit: a rounded one could look as if it held.</summary>
    public string ValueText => Value?.ToString("R", CultureInfo.InvariantCulture) ?? "no number";

    public override string ToString() => $"{Metric} of {Row} is {ValueText}, and must be {Condition.Text}";
}

/// <summary>
/// One entry of -Threshold: the name of a metric or a group, and what must hold for it, or further names that narrow it.
/// </summary>
/// <param name="Condition">The condition; null if there are further names.</param>
/// <param name="Inner">Further names.</param>
internal sealed record Threshold(string Name, Condition? Condition, IReadOnlyList<Threshold> Inner)
{
    /// <exception cref="PSArgumentException">An entry is no condition.</exception>
    public static IReadOnlyList<Threshold> Read(IDictionary given)
    {
        if (given.Count == 0)
        {
            throw new PSArgumentException("-Threshold contains nothing to check.");
        }

        return [.. Entries.Of(given).Select(entry => Read(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value))];
    }

    private static Threshold Read(string name, object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            IDictionary inner => new(name, null, Read(inner)),
            string text when Condition.TryParse(text) is Condition condition => new(name, condition, []),
            _ => throw new PSArgumentException($"-Threshold wants {(bare is null ? "nothing" : $"'{LanguagePrimitives.ConvertTo<string>(bare)}'")} of '{name}', which is no condition."),
        };
    }
}
