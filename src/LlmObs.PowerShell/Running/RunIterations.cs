using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>The rows of each iteration, for the evaluators that see all of one at once.</summary>
/// <param name="config">The run's configuration.</param>
internal sealed class RunIterations(object? config)
{
    private readonly Dictionary<int, List<ResultRow>> _rows = [];
    private readonly OrderedDictionary<string, bool> _order = new(StringComparer.Ordinal); // of what is run; only the keys count

    /// <summary>Says that something is about to be run. Called by whoever reads the records, in their order.</summary>
    public void Expect(WorkItem item) => _order.TryAdd(item.Stored is ResultRow stored ? KeyOf(stored) : item.Record.Id, true);

    public void Add(ResultRow row)
    {
        if (!_rows.TryGetValue(row.RunIteration, out List<ResultRow>? rows))
        {
            _rows.Add(row.RunIteration, rows = []);
        }

        rows.Add(row);
    }

    /// <summary>The rows of each iteration in the order of the records, once all are there.</summary>
    public IReadOnlyList<(int Iteration, IReadOnlyList<EvaluatedRow?> Rows)> InOrder() => [.. _rows.OrderBy(one => one.Key).Select(one => (one.Key, InOrder(one.Value)))];

    // Failed and missing rows keep their positions as null, so that the rows of two iterations correspond.
    private IReadOnlyList<EvaluatedRow?> InOrder(List<ResultRow> rows)
    {
        Dictionary<string, ResultRow> byKey = rows.DistinctBy(KeyOf).ToDictionary(KeyOf, StringComparer.Ordinal);
        return [.. _order.Keys.Select(key => byKey.TryGetValue(key, out ResultRow? row) && !row.IsFailed ? RowObject.WithColumns(ToEvaluated(row)) : null)];
    }

    // Spans of other runners need not be of a record.
    private static string KeyOf(ResultRow row) => row.RecordId.Length > 0 ? row.RecordId : row.ParentSpanId ?? row.SpanId ?? string.Empty;

    private EvaluatedRow ToEvaluated(ResultRow row) => new()
    {
        RecordId = row.RecordId,
        RunIteration = row.RunIteration,
        Input = JsonSnapshot.Read(row.Input),
        Output = JsonSnapshot.Read(row.Output),
        ExpectedOutput = JsonSnapshot.Read(row.ExpectedOutput),
        Metadata = JsonSnapshot.ReadForScripts(row.Metadata),
        Config = config,
        Duration = TimeSpan.FromTicks((row.DurationNs ?? 0) / TimeSpan.NanosecondsPerTick),
        Evaluations = row.Evaluations.ToDictionary(one => one.Label, RowObject.Of, StringComparer.Ordinal),
    };
}
