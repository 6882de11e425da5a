using System.Text.Json;
using LlmObs.Evaluation.Results;
using Microsoft.Extensions.AI;

namespace LlmObs.Evaluation.Evaluators;

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
