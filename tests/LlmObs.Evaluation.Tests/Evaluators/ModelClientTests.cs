using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LlmObs.Evaluation.Evaluators;

namespace LlmObs.Evaluation.Tests.Evaluators;

public class ModelClientTests
{
    [Theory]
    [InlineData("https://me.openai.azure.com/", "https://me.openai.azure.com/openai/v1/")]
    [InlineData("https://me.openai.azure.com", "https://me.openai.azure.com/openai/v1/")]
    [InlineData("https://me.cognitiveservices.azure.com/", "https://me.cognitiveservices.azure.com/openai/v1/")]
    [InlineData("https://me.openai.azure.com/openai/v1/", "https://me.openai.azure.com/openai/v1/")]
    [InlineData("http://127.0.0.1:11434/", "http://127.0.0.1:11434/")]
    [InlineData("https://example.com/openai.azure.com/", "https://example.com/openai.azure.com/")]
    [InlineData("https://openai.azure.com.example.com/", "https://openai.azure.com.example.com/")]
    public void A_bare_resource_of_Azure_is_asked_under_its_version_1(string given, string asked) =>
        Assert.Equal(asked, new ModelEndpoint("m", new Uri(given), null).Service!.AbsoluteUri);

    [Fact]
    public void OpenAI_itself_needs_no_address() => Assert.Null(new ModelEndpoint("m", null, null).Service);

    [Fact]
    public async Task A_service_that_never_answers_is_one_cause_and_later_calls_try_it_once()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var model = new ChatModel(new ModelEndpoint("m", new Uri($"http://127.0.0.1:{port}/v1/"), null), new HastyTime());
        string first = await AskAsync(model);
        Assert.StartsWith($"The model 'm' at 127.0.0.1:{port} gave no answer in 5 tries: ", first, StringComparison.Ordinal);
        Assert.EndsWith(". Check -Endpoint, and that the service runs.", first, StringComparison.Ordinal);
        string second = await AskAsync(model);
        Assert.StartsWith($"The model 'm' at 127.0.0.1:{port} gave no answer: ", second, StringComparison.Ordinal);
        Assert.Equal(first.Replace(" in 5 tries", string.Empty, StringComparison.Ordinal), second); // the cause, once
    }

    private static async Task<string> AskAsync(ChatModel model) =>
        (await Assert.ThrowsAsync<EvaluatorException>(() => model.AskAsync("?", JsonElement.Parse("{}"), CancellationToken.None))).Message;

    /// <summary>Time in which every wait is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
