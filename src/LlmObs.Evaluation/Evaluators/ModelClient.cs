using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using LlmObs.Evaluation.Results;
using Microsoft.Extensions.AI;
using OpenAI;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>Makes clients of models.</summary>
internal static class ModelClient
{
    public static OpenAIClient Of(ModelEndpoint endpoint)
    {
        var options = new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 4) };
        if (endpoint.Service is not null)
        {
            options.Endpoint = endpoint.Service;
        }

        return new OpenAIClient(new ApiKeyCredential(endpoint.Key?.Reveal() ?? "none"), options);
    }

    /// <summary>The failure, in words that cannot contain the key, even if a service repeats it.</summary>
    public static EvaluatorException Failed(ModelEndpoint endpoint, Exception failure) => new(
        $"The model '{endpoint.Model}' at {endpoint.Address?.Host ?? "api.openai.com"} gave no answer: {MaskedText.Of(failure.Message, endpoint.Key)}");
}

/// <summary>A model at an OpenAI-compatible service.</summary>
/// <param name="Model">The model's name; of Azure OpenAI the deployment's.</param>
/// <param name="Address">The service's address, for example <c>https://me.openai.azure.com/openai/v1/</c>; null for OpenAI itself.</param>
/// <param name="Key">The key; null if the service requires none.</param>
public sealed record ModelEndpoint(string Model, Uri? Address, Secret? Key)
{
    private static readonly string[] AzureHosts = [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"];

    /// <summary>The address for requests. An Azure resource, whose portal shows the bare address, speaks OpenAI's protocol under <c>/openai/v1/</c>.</summary>
    public Uri? Service => Address is { AbsolutePath: "/" } && AzureHosts.Any(host => Address.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase))
        ? new Uri(Address, "openai/v1/")
        : Address;
}

/// <summary>Asks a model. A class of its own, so that the libraries load only if a model is asked.</summary>
internal sealed class ChatModel(ModelEndpoint endpoint)
{
    private readonly IChatClient _client = ModelClient.Of(endpoint).GetChatClient(endpoint.Model).AsIChatClient();

    /// <returns>The answer, which is JSON.</returns>
    public async Task<string> AskAsync(string prompt, JsonElement schema, CancellationToken cancellation)
    {
        string text;
        try
        {
            var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "verdict") };
            text = (await _client.GetResponseAsync(prompt, options, cancellation).ConfigureAwait(false)).Text;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw ModelClient.Failed(endpoint, e);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException)
        {
            return RawJson.OfText(text).ToString();
        }
    }
}

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
