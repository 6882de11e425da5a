using Microsoft.Extensions.AI;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Embeds text. A class of its own, so that the libraries load only if a model is asked.</summary>
internal sealed class EmbeddingModel(ModelEndpoint endpoint)
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator = ModelClient.Of(endpoint).GetEmbeddingClient(endpoint.Model).AsIEmbeddingGenerator();

    public async Task<float[]> EmbedAsync(string text, CancellationToken cancellation)
    {
        try
        {
            return (await _generator.GenerateAsync([text], cancellationToken: cancellation).ConfigureAwait(false))[0].Vector.ToArray();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw ModelClient.Failed(endpoint, e);
        }
    }
}
