using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using LlmObs.Evaluation.Results;
using Microsoft.Extensions.AI;
using OpenAI;

namespace LlmObs.Evaluation.Evaluators;

/// <summary>The calls of a model, and what they say if they fail.</summary>
internal sealed class ModelClient
{
    private readonly ModelEndpoint _endpoint;
    private readonly ModelRetries _retries;

    public ModelClient(ModelEndpoint endpoint, TimeProvider? time)
    {
        _endpoint = endpoint;
        _retries = new ModelRetries(time ?? TimeProvider.System);
        var options = new OpenAIClientOptions { RetryPolicy = _retries };
        if (endpoint.Service is not null)
        {
            options.Endpoint = endpoint.Service;
        }

        Client = new OpenAIClient(new ApiKeyCredential(endpoint.Key?.Reveal() ?? "none"), options);
    }

    public OpenAIClient Client { get; }

    /// <exception cref="EvaluatorException">The model gave no answer.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _retries.OnGivenUp();
            throw new EvaluatorException(Sentence(e), e);
        }
    }

    // In words that cannot contain the key, even if a service repeats it. A cause is named once, however often it was met.
    private string Sentence(Exception failure)
    {
        Exception[] tries = failure is AggregateException { InnerExceptions.Count: > 0 } several ? [.. several.InnerExceptions] : [failure];
        string[] causes = [.. tries.Select(one => OneLine(one.Message).TrimEnd('.')).Distinct(StringComparer.Ordinal)];
        string often = tries.Length > 1 ? FormattableString.Invariant($" in {tries.Length} tries") : string.Empty;
        return $"The model '{_endpoint.Model}' at {_endpoint.Address?.Authority ?? "api.openai.com"} gave no answer{often}: {MaskedText.Of(string.Join("; ", causes), _endpoint.Key)}.{Advice(tries[^1])}";
    }

    private static string Advice(Exception failure) => failure switch
    {
        ClientResultException { Status: 401 or 403 } => " Check -ApiKey.",
        ClientResultException { Status: 404 } => " Check -Model and -Endpoint.",
        HttpRequestException or ClientResultException { Status: 0 } => " Check -Endpoint, and that the service runs.",
        _ => string.Empty,
    };

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>
/// Tries a call again as the library does. A service that did not answer a single call, in all its tries, is asked once a row from then
/// on: a wrong address would otherwise take a quarter of a minute for each.
/// </summary>
internal sealed class ModelRetries(TimeProvider time) : ClientRetryPolicy(maxRetries: 4)
{
    private volatile bool _hasAnswered;
    private volatile bool _isGivenUp;

    /// <summary>A call has failed, after all its tries.</summary>
    public void OnGivenUp() => _isGivenUp = true;

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception)
    {
        _hasAnswered |= message.Response is not null;
        return (_hasAnswered || !_isGivenUp) && base.ShouldRetry(message, exception);
    }

    protected override Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
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
internal sealed class ChatModel
{
    private readonly ModelClient _model;
    private readonly IChatClient _client;

    public ChatModel(ModelEndpoint endpoint, TimeProvider? time = null)
    {
        _model = new ModelClient(endpoint, time);
        _client = _model.Client.GetChatClient(endpoint.Model).AsIChatClient();
    }

    /// <returns>The answer, which is JSON.</returns>
    public async Task<string> AskAsync(string prompt, JsonElement schema, CancellationToken cancellation)
    {
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "verdict") };
        string text = (await _model.CallAsync(() => _client.GetResponseAsync(prompt, options, cancellation)).ConfigureAwait(false)).Text;
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
internal sealed class EmbeddingModel
{
    private readonly ModelClient _model;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;

    public EmbeddingModel(ModelEndpoint endpoint)
    {
        _model = new ModelClient(endpoint, null);
        _generator = _model.Client.GetEmbeddingClient(endpoint.Model).AsIEmbeddingGenerator();
    }

    public async Task<float[]> EmbedAsync(string text, CancellationToken cancellation) =>
        (await _model.CallAsync(() => _generator.GenerateAsync([text], cancellationToken: cancellation)).ConfigureAwait(false))[0].Vector.ToArray();
}
