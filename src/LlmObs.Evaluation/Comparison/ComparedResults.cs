using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Comparison;

/// <summary>The rows of a run as a comparison reads them: each evaluation, and the run's own measurements.</summary>
/// <param name="rows">The run's rows.</param>
/// <param name="name">The run's name in messages.</param>
/// <param name="read">Makes an object that the caller can show from JSON; null for no value.</param>
public sealed class ComparedResults(IResultRows rows, string name, Func<JsonElement, object?> read) : IComparedRun
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string? DatasetId => rows.Header.DatasetId;

    /// <inheritdoc/>
    public long? DatasetVersion => rows.Header.DatasetVersion;

    /// <inheritdoc/>
    public IEnumerable<ComparedRow> ReadRows(bool withInputs) => rows.Rows().Select(row => new ComparedRow
    {
        Position = row.Position,
        RecordId = row.RecordId.Length == 0 ? null : row.RecordId,
        InputKey = withInputs || row.RecordId.Length == 0 ? KeyOf(row.Input) : null,
        RunIteration = row.RunIteration,
        Values = ValuesOf(row),
    });

    /// <inheritdoc/>
    public (object? Input, object? Output) ReadContent(long position)
    {
        ResultRow row = rows.ReadRow(position);
        return (Shown(row.Input), Shown(row.Output));
    }

    /// <summary>A digest that equal JSON values share, however they are written: order of members, blanks and escapes do not matter.</summary>
    /// <returns>32 hexadecimal digits.</returns>
    internal static string KeyOf(RawJson value) =>
        Convert.ToHexStringLower(CanonicalJson.DigestOf(value.IsMissing ? RawJson.Of("null") : value).AsSpan(0, 16));

    private static List<ComparedValue> ValuesOf(ResultRow row)
    {
        List<ComparedValue> values = new(row.Evaluations.Count + 5);
        foreach (ResultEvaluation evaluation in row.Evaluations)
        {
            values.Add(ValueOf(evaluation));
        }

        Add(RunFigures.Errors, row.IsFailed ? 1 : 0, MetricType.Boolean);
        Add(RunFigures.Duration, row.IsFailed || row.FromCache ? null : row.DurationNs / 1e9, MetricType.Score);
        Add(RunFigures.InputTokens, row.InputTokenCount, MetricType.Score);
        Add(RunFigures.OutputTokens, row.OutputTokenCount, MetricType.Score);
        Add(RunFigures.CostUsd, (double?)row.CostUsd, MetricType.Score);
        return values;

        void Add(string label, double? number, string type)
        {
            if (number is not null && !values.Exists(value => value.Label == label))
            {
                values.Add(new(label, type, number, null, null));
            }
        }
    }

    private static ComparedValue ValueOf(ResultEvaluation evaluation)
    {
        bool? passed = evaluation.Assessment switch
        {
            MetricAssessment.Pass => true,
            MetricAssessment.Fail => false,
            _ => null,
        };
        string type = evaluation.MetricType ?? MetricType.Categorical;
        return type switch
        {
            MetricType.Boolean => new(evaluation.Label, type, evaluation.Boolean is bool yes ? (yes ? 1 : 0) : null, null, passed),
            MetricType.Score => new(evaluation.Label, type, evaluation.Score, null, passed),
            MetricType.Json => new(evaluation.Label, type, null, null, passed),
            _ => new(evaluation.Label, type, null, evaluation.Category, passed),
        };
    }

    private object? Shown(RawJson value) => value.IsMissing ? null : read(value.Read());
}
