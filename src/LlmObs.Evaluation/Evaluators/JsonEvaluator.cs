using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Whether the output is JSON: an object or a list as such, or text that holds JSON; with keys, or of a schema.</summary>
public sealed class JsonEvaluator : IncludedEvaluator
{
    private readonly SchemaCheck? _schema;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="requiredKeys">Keys that the JSON object must have.</param>
    /// <param name="schema">The JSON Schema that it must fit, as JSON; null for none.</param>
    /// <exception cref="ArgumentException">The schema is none.</exception>
    public JsonEvaluator(IReadOnlyList<string> requiredKeys, string? schema)
    {
        RequiredKeys = requiredKeys;
        _schema = schema is null ? null : new SchemaCheck(schema);
    }

    /// <summary>Keys that the JSON object must have.</summary>
    public IReadOnlyList<string> RequiredKeys { get; }

    /// <inheritdoc/>
    public override string DefaultName => "json";

    /// <inheritdoc/>
    public override ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation) => ValueTask.FromResult(Evaluate(row));

    private Finding Evaluate(in JudgedRow row)
    {
        JsonElement value = row.Output.Read();
        if (value.ValueKind == JsonValueKind.String)
        {
            try
            {
                value = JsonElement.Parse(value.GetString()!);
            }
            catch (JsonException e)
            {
                return Finding.Of(false, $"The output is no JSON: {e.Message.Split(" LineNumber:", 2)[0]}");
            }
        }

        string[] missing = [.. RequiredKeys.Where(key => value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out _))];
        if (missing.Length > 0)
        {
            return Finding.Of(false, $"The output has no {string.Join(", no ", missing.Select(key => $"'{key}'"))}.");
        }

        return _schema?.WhyNot(value) is string reason ? Finding.Of(false, reason) : Finding.Of(true, "The output is JSON as it should be.");
    }
}
