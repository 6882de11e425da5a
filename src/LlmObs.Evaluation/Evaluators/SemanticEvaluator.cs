using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Text.Json;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Measures the similarity of output and expected output in meaning: the cosine of their embeddings.</summary>
public sealed class SemanticEvaluator : IncludedEvaluator
{
    private const int MostKept = 10_000; // embeddings of expected outputs, which come again in each iteration

    private readonly ConcurrentDictionary<string, float[]> _kept = new(StringComparer.Ordinal);
    private readonly Lazy<EmbeddingModel?> _model;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="endpoint">The model that embeds; null for a script block of the user's.</param>
    public SemanticEvaluator(ModelEndpoint? endpoint) => _model = new(() => endpoint is null ? null : new EmbeddingModel(endpoint));

    /// <summary>The least cosine that passes, -1 to 1; null for no verdict.</summary>
    public double? Threshold { get; init; }

    /// <inheritdoc/>
    public override string DefaultName => "semantic";

    /// <inheritdoc/>
    public override async ValueTask<Finding> EvaluateAsync(JudgedRow row, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        if (IsNothing(row.ExpectedOutput))
        {
            throw new EvaluatorException("The record has no expected output to compare with.");
        }

        string wanted = TextOf(row.ExpectedOutput);
        if (!_kept.TryGetValue(wanted, out float[]? expected))
        {
            expected = await EmbedAsync(wanted, script, cancellation).ConfigureAwait(false);
            if (_kept.Count < MostKept)
            {
                _kept.TryAdd(wanted, expected);
            }
        }

        float[] output = await EmbedAsync(TextOf(row.Output), script, cancellation).ConfigureAwait(false);
        if (output.Length != expected.Length)
        {
            throw new EvaluatorException(FormattableString.Invariant($"The embeddings have {output.Length} and {expected.Length} numbers, but must have the same number."));
        }

        double cosine = Math.Clamp(TensorPrimitives.CosineSimilarity(output, expected), -1, 1); // of 32-bit numbers it may be 1.0000001
        return double.IsFinite(cosine)
            ? Finding.Of(cosine, Threshold is double least ? cosine >= least : null, FormattableString.Invariant($"The cosine of the embeddings is {cosine:0.000}."))
            : throw new EvaluatorException("An embedding is all zeros, so it has no direction.");
    }

    private async ValueTask<float[]> EmbedAsync(string text, Func<string, RawJson>? script, CancellationToken cancellation)
    {
        if (script is null)
        {
            return await _model.Value!.EmbedAsync(text, cancellation).ConfigureAwait(false);
        }

        JsonElement numbers = script(text).Read();
        return numbers.ValueKind == JsonValueKind.Array && numbers.GetArrayLength() > 0 && numbers.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Number)
            ? [.. numbers.EnumerateArray().Select(one => one.GetSingle())]
            : throw new EvaluatorException("The embedding's script block must return a list of numbers.");
    }
}
