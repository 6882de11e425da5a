namespace LlmObs.Client.Tests;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_and_its_target_gets_no_keys(int status)
    {
        using var target = new ScriptedServer(Reply.Of(200));
        using var server = new ScriptedServer(Reply.Of(status).With("Location", new Uri(target.Address, "elsewhere").AbsoluteUri));
        foreach (string operation in (string[])[TestClient.Create, TestClient.Update, TestClient.Push, TestClient.Aggregate])
        {
            using var client = new LlmObsClient(new ClientOptions { BaseUri = server.Address, ApiKey = Secret.From("0123456789abcdef"), MaxRetryCount = 3 });
            LlmObsException failure = await TestClient.FailAsync(client, operation);
            Assert.Equal((FailureKind.Redirected, status), (failure.Kind, failure.StatusCode));
            Assert.Contains(target.Address.Authority, failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(0, target.Connections);
    }
}
