namespace LlmObs.Client.Tests;

public sealed class AccessTokenTests
{
    private static readonly Secret Token = Secret.From("ddpat_fake_token_0123456789");

    [Fact]
    public async Task A_token_goes_alone()
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using var client = new LlmObsClient(new ClientOptions { BaseUri = server.Address, AccessToken = Token, MaxRetryCount = 0 });
        await TestClient.SendAsync(client, TestClient.Update);
        Assert.Equal(["Bearer ddpat_fake_token_0123456789"], server.Only.Header("Authorization"));
        Assert.Empty(server.Only.Header("DD-API-KEY"));
        Assert.Empty(server.Only.Header("DD-APPLICATION-KEY"));
    }

    [Fact]
    public void A_token_beside_a_key_is_refused()
    {
        var options = new ClientOptions { BaseUri = new Uri("https://dd.example"), AccessToken = Token };
        Assert.Throws<ArgumentException>(() => new LlmObsClient(options with { ApiKey = Secret.From("fake-api-key") }));
        Assert.Throws<ArgumentException>(() => new LlmObsClient(options with { AppKey = Secret.From("fake-app-key") }));
    }

    [Fact]
    public void A_token_is_not_sent_in_the_clear_over_the_net() =>
        Assert.Throws<ArgumentException>(() => new LlmObsClient(new ClientOptions { BaseUri = new Uri("http://dd.example"), AccessToken = Token }));

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_token_does_not_follow_a_redirect(int status)
    {
        using var target = new ScriptedServer(Reply.Of(200));
        using var server = new ScriptedServer(Reply.Of(status).With("Location", target.Address.AbsoluteUri));
        using var client = new LlmObsClient(new ClientOptions { BaseUri = server.Address, AccessToken = Token, MaxRetryCount = 3 });
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal(FailureKind.Redirected, failure.Kind);
        Assert.Empty(target.Requests);
        Assert.DoesNotContain("fake_token", failure.ToString(), StringComparison.Ordinal);
    }
}
