using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Asks a model for a verdict on a row, with its reasons. The model must answer with JSON of a schema.</summary>
public sealed partial class JudgeEvaluator : IncludedEvaluator
{
    private readonly Lazy<ChatModel?> _model;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="prompt">The prompt, with <c>{{input}}</c>, <c>{{output}}</c>, <c>{{expected_output}}</c> and <c>{{metadata.x}}</c> in it; <c>{{metadata.x?}}</c> may be missing.</param>
    /// <param name="endpoint">The model; null for a script block of the user's.</param>
    /// <exception cref="ArgumentException">The prompt names something that a row does not have.</exception>
    public JudgeEvaluator(string prompt, ModelEndpoint? endpoint)
    {
        Prompt = prompt;
        if (Places().Matches(prompt).FirstOrDefault(place => place.Groups[1].Value is not ("input" or "output" or "expected_output" or "metadata")) is Match unknown)
        {
            throw new ArgumentException($"A row has no '{unknown.Value}'; known are input, output, expected_output and metadata.", nameof(prompt));
        }

        _model = new(() => endpoint is null ? null : new ChatModel(endpoint));
    }

    /// <summary>The prompt.</summary>
    public string Prompt { get; }

    /// <summary>The kind of the verdict.</summary>
    public JudgeVerdict Verdict { get; init; }

    /// <summary>The least score that may be given.</summary>
    public double Minimum { get; init; }

    /// <summary>The highest score that may be given.</summary>
    public double Maximum { get; init; } = 1;

    /// <summary>The least score that passes; null for no verdict.</summary>
    public double? Threshold { get; init; }

    /// <summary>The categories that may be given.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The categories that pass; empty for no verdict.</summary>
    public IReadOnlyList<string> PassCategories { get; init; } = [];

    /// <inheritdoc/>
    public override string DefaultName => "judge";

    /// <inheritdoc/>
    public override async ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        string prompt = Fill(row);
        RawJson answer = script is not null ? script(prompt) : RawJson.Of(await _model.Value!.AskAsync(prompt, Schema(), cancellation).ConfigureAwait(false));
        return Read(answer);
    }

    private string Fill(JudgedRow row) => Places().Replace(Prompt, place =>
    {
        string root = place.Groups[1].Value;
        RawJson value = root switch { "input" => row.Input, "output" => row.Output, "expected_output" => row.ExpectedOutput, _ => row.Metadata };
        string path = place.Groups[2].Value;
        if (path.Length == 0)
        {
            return TextOf(value);
        }

        JsonElement member = value.Read();
        foreach (string name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonElement holder = member;
            if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty(name, out member))
            {
                return place.Groups[3].Length > 0 ? string.Empty : throw Missing(root, path, name, holder);
            }
        }

        return TextOf(RawJson.Of(member.GetRawText()));
    });

    // Nothing in its place would let a misspelt name pass, in a prompt that is paid for.
    private static EvaluatorException Missing(string root, string path, string name, JsonElement holder)
    {
        const int MostNamed = 20;
        string[] names = holder.ValueKind == JsonValueKind.Object ? [.. holder.EnumerateObject().Select(one => one.Name).Take(MostNamed)] : [];
        string has = names.Length > 0 ? $"it has {string.Join(", ", names)}" : holder.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "it has none" : "it is no object";
        return new EvaluatorException(
            $"The judge's prompt names '{root}{path}', and the record's {root} has no '{name}' ({has}). An empty cell of a CSV file is left out of a record: "
            + $"{{{{{root}{path}?}}}} is replaced with nothing where it is missing.");
    }

    private JsonElement Schema()
    {
        JsonObject value = Verdict switch
        {
            JudgeVerdict.Score => new JsonObject { ["type"] = "number", ["minimum"] = Minimum, ["maximum"] = Maximum },
            JudgeVerdict.Categorical => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Categories.Select(one => JsonValue.Create(one))]) },
            _ => new JsonObject { ["type"] = "boolean" },
        };
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["reasoning"] = new JsonObject { ["type"] = "string" }, ["value"] = value },
            ["required"] = new JsonArray("reasoning", "value"),
            ["additionalProperties"] = false,
        };
        return JsonElement.Parse(schema.ToJsonString());
    }

    private Finding Read(RawJson answer)
    {
        JsonElement root = Parse(answer);
        JsonElement value = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("value", out JsonElement member) ? member : root;
        string? reasoning = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("reasoning", out JsonElement why) && why.ValueKind == JsonValueKind.String ? why.GetString() : null;
        switch (Verdict)
        {
            case JudgeVerdict.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return Finding.Of(value.GetBoolean(), reasoning!);
            case JudgeVerdict.Score when value.ValueKind == JsonValueKind.Number && value.GetDouble() is double score && score >= Minimum && score <= Maximum:
                return Finding.Of(score, Threshold is double least ? score >= least : null, reasoning!);
            case JudgeVerdict.Categorical when value.ValueKind == JsonValueKind.String && Categories.Contains(value.GetString()!, StringComparer.Ordinal):
                string category = value.GetString()!;
                return new Finding(MetricType.Categorical, RawJson.OfText(category), PassCategories.Count == 0 ? null : PassCategories.Contains(category, StringComparer.Ordinal), reasoning);
            default:
                string wanted = Verdict switch
                {
                    JudgeVerdict.Score => FormattableString.Invariant($"a number of {Minimum} to {Maximum}"),
                    JudgeVerdict.Categorical => $"one of {string.Join(", ", Categories)}",
                    _ => "true or false",
                };
                throw new EvaluatorException($"The judge's verdict must be {wanted}; it answered {Shown(answer)}.");
        }
    }

    // A script block may pass on the model's text unchanged, possibly inside a Markdown fence.
    private static JsonElement Parse(RawJson answer)
    {
        JsonElement root = answer.Read();
        if (root.ValueKind != JsonValueKind.String)
        {
            return root;
        }

        string text = root.GetString()!.Trim();
        if (text.StartsWith("```", StringComparison.Ordinal) && text.IndexOf('\n') is int line and > 0)
        {
            text = text[line..].TrimEnd('`', '\n', ' ');
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return root;
        }
    }

    private static string Shown(RawJson answer) => answer.ToString() is { Length: > 200 } text ? text[..200] + "…" : answer.ToString();

    // A column of a table can have blanks in its name.
    [GeneratedRegex(@"\{\{\s*(\w+)((?:\.[^{}.?\r\n]+?)*)(\?)?\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}

/// <summary>The kind of a judge's verdict.</summary>
public enum JudgeVerdict
{
    /// <summary>Yes or no; yes passes.</summary>
    Boolean,

    /// <summary>A number of a range.</summary>
    Score,

    /// <summary>One of several words.</summary>
    Categorical,
}
