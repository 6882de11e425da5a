using System.Text.Json;
using Json.Schema;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Holds JSON against a JSON Schema. A class of its own, so that the library loads only if there is a schema.</summary>
internal sealed class SchemaCheck
{
    private readonly JsonSchema _schema;

    /// <exception cref="ArgumentException">It is no schema.</exception>
    public SchemaCheck(string json)
    {
        try
        {
            _schema = JsonSchema.FromText(json);
        }
        catch (Exception e) when (e is JsonException or JsonSchemaException)
        {
            throw new ArgumentException($"It is no JSON Schema: {e.Message}", nameof(json), e);
        }
    }

    /// <summary>Why a value does not fit; null if it does.</summary>
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
