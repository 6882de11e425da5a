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
}
