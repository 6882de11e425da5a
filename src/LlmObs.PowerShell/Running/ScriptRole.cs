using System.Collections.Specialized;

namespace LlmObs.PowerShell.Running;

/// <summary>What a kind of script block is given: by the places of its parameters, and by names that have a meaning of their own.</summary>
/// <param name="Gets">What it is given by place, for messages.</param>
/// <param name="Subject">The type of its $_; null if that is a list.</param>
/// <param name="What">What its $_ is called, for messages.</param>
/// <param name="Places">The number of values that are given by place.</param>
/// <param name="Named">The values that a parameter gets for its name: those of the functions of Datadog's SDK for Python.</param>
internal sealed record ScriptRole(string Gets, Type? Subject, string What, int Places, IReadOnlyDictionary<string, Func<object?, object?, object?>> Named)
{
    private const string Config = "config";

    /// <summary>The task: $_ is the record.</summary>
    public static ScriptRole Task { get; } = new("the record and the configuration", typeof(DatasetRecord), "a record", 2, Names(new()
    {
        ["input_data"] = (record, _) => ((DatasetRecord)record!).Input,
        ["expected_output"] = (record, _) => ((DatasetRecord)record!).ExpectedOutput,
        ["metadata"] = (record, _) => ((DatasetRecord)record!).Metadata,
        [Config] = (_, config) => config,
    }));

    /// <summary>An evaluator: $_ is the row.</summary>
    public static ScriptRole Evaluator { get; } = new("the row", typeof(EvaluatedRow), "a row", 1, Names(new()
    {
        ["input_data"] = (row, _) => ((EvaluatedRow)row!).Input,
        ["output_data"] = (row, _) => ((EvaluatedRow)row!).Output,
        ["expected_output"] = (row, _) => ((EvaluatedRow)row!).ExpectedOutput,
        ["metadata"] = (row, _) => ((EvaluatedRow)row!).Metadata,
        [Config] = (_, config) => config,
    }));

    /// <summary>A summary evaluator: $_ are all rows, null where one failed.</summary>
    public static ScriptRole Summary { get; } = new("the rows", null, "a list of rows", 1, Names(new()
    {
        ["inputs"] = (rows, _) => Each(rows, row => row?.Input),
        ["outputs"] = (rows, _) => Each(rows, row => row?.Output),
        ["expected_outputs"] = (rows, _) => Each(rows, row => row?.ExpectedOutput),
        ["metadata"] = (rows, _) => Each(rows, row => row?.Metadata),
        ["evaluators_results"] = (rows, _) => Results(rows),
        [Config] = (_, config) => config,
    }));

    /// <summary>What an included evaluator asks: $_ is the prompt or the text.</summary>
    public static ScriptRole Question { get; } = new("the text", null, "a text", 1, Names([]));

    private static Dictionary<string, Func<object?, object?, object?>> Names(Dictionary<string, Func<object?, object?, object?>> named) =>
        new(named, StringComparer.OrdinalIgnoreCase);

    private static object?[] Each(object? rows, Func<EvaluatedRow?, object?> part) => [.. Rows(rows).Select(part)];

    private static IEnumerable<EvaluatedRow?> Rows(object? rows) => ((object?[])rows!).Cast<EvaluatedRow?>();

    // All lists are as long as that of the rows, so that the values of a row have the same place in each.
    private static OrderedDictionary Results(object? rows)
    {
        var results = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (string label in Rows(rows).SelectMany(row => row?.Evaluations?.Keys ?? []).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            results[label] = Each(rows, row => row?.Evaluations?.TryGetValue(label, out EvaluationResult? found) == true ? found.Value : null);
        }

        return results;
    }
}
