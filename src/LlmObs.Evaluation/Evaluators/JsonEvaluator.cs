using System.Text.Json;
using Json.Schema;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Checks that the output is JSON: an object or a list, or text with JSON in it; with keys, or of a schema.</summary>
public sealed class JsonEvaluator : IncludedEvaluator
{
    private readonly SchemaCheck? _schema;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="requiredKeys">Keys that the JSON object must have.</param>
    /// <param name="schema">The JSON Schema that it must fit, as JSON; null for none.</param>
    /// <exception cref="ArgumentException">The schema is not a JSON Schema.</exception>
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
                return Finding.Of(false, $"The output is not JSON: {ResultJson.Reason(e)}.");
            }
        }

        string[] missing = [.. RequiredKeys.Where(key => value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out _))];
        if (missing.Length > 0)
        {
            return Finding.Of(false, $"The output has no {string.Join(", no ", missing.Select(key => $"'{key}'"))}.");
        }

        return _schema?.WhyNot(value) is string reason ? Finding.Of(false, reason) : Finding.Of(true, "The output is JSON and fits.");
    }
}

/// <summary>Checks JSON against a JSON Schema. A class of its own, so that the library loads only if there is a schema.</summary>
internal sealed class SchemaCheck
{
    private readonly JsonSchema _schema;

    /// <exception cref="ArgumentException">The text is not a JSON Schema.</exception>
    public SchemaCheck(string json)
    {
        try
        {
            _schema = JsonSchema.FromText(json);
        }
        catch (Exception e) when (e is JsonException or JsonSchemaException)
        {
            throw new ArgumentException($"It is not a JSON Schema: {ResultJson.Reason(e)}.", nameof(json), e);
        }
    }

    /// <summary>The reason why a value does not fit; null if it does.</summary>
    public string? WhyNot(JsonElement value)
    {
        EvaluationResults results = _schema.Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (results.IsValid)
        {
            return null;
        }

        string[] problems = [.. (results.Details ?? []).Where(one => one.Errors is not null)
            .SelectMany(one => one.Errors!.Select(error => $"{(one.InstanceLocation.ToString() is { Length: > 0 } place ? place : "the output")}: {error.Value}")).Distinct()];
        return $"The output does not fit the schema: {(problems.Length == 0 ? "it is not valid" : string.Join("; ", problems.Take(5)))}.";
    }
}
