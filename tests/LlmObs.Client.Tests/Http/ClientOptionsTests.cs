namespace LlmObs.Client.Tests;

public sealed class ClientOptionsTests
{
    [Theory]
    [InlineData("https://api.datadoghq.com/")]
    [InlineData("https://gateway.example:8443/dd/")]
    [InlineData("http://127.0.0.1:8126/")]
    [InlineData("http://127.8.9.1/")]
    [InlineData("http://localhost:80/")]
    [InlineData("http://[::1]:8126/")]
    public void Https_and_loopback_addresses_may_be_the_base(string address) => Assert.Null(ClientOptions.UnsafeReason(new Uri(address)));

    [Theory]
    [InlineData("http://api.datadoghq.com/", "https only")]
    [InlineData("http://localhost.example/", "https only")]
    [InlineData("http://10.0.0.1/", "https only")]
    [InlineData("ftp://127.0.0.1/", "https only")]
    [InlineData("file:///x/y", "https only")]
    [InlineData("https://user:password@api.datadoghq.com/", "user name")]
    [InlineData("https://api.datadoghq.com@evil.example/", "user name")]
    [InlineData("https://api.datadoghq.com/?a=b", "query")]
    [InlineData("https://api.datadoghq.com/#part", "fragment")]
    [InlineData("api/v2", "absolute")]
    public void Every_other_address_is_refused_with_the_reason(string address, string reason)
    {
        var uri = new Uri(address, UriKind.RelativeOrAbsolute);
        Assert.Contains(reason, ClientOptions.UnsafeReason(uri), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LlmObsClient(new ClientOptions { BaseUri = uri }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.009)]
    [InlineData(86401)]
    public void A_time_limit_that_no_attempt_can_have_is_refused(double seconds) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new LlmObsClient(new ClientOptions { BaseUri = new Uri("https://api.datadoghq.com/"), Timeout = TimeSpan.FromSeconds(seconds) }));

    [Fact]
    public void Retries_fewer_than_none_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new LlmObsClient(new ClientOptions { BaseUri = new Uri("https://api.datadoghq.com/"), MaxRetryCount = -1 }));

    [Fact]
    public void Limits_of_sending_that_would_send_nothing_are_refused()
    {
        using var client = new LlmObsClient(new ClientOptions { BaseUri = new Uri("https://api.datadoghq.com/") });
        foreach (SendOptions wrong in (SendOptions[])[new() { ThrottleLimit = 0 }, new() { ThrottleLimit = -4 }, new() { BatchSize = 0 }, new() { MaxBatchBytes = 0 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new EventSender(client, wrong, new AttemptLog()));
            Assert.Throws<ArgumentOutOfRangeException>(() => new EventBatcher(client, "e1", new EventDefaults(), wrong));
        }
    }

    [Fact]
    public void Options_as_text_show_no_key()
    {
        var options = new ClientOptions
        {
            BaseUri = new Uri("https://api.datadoghq.com/"),
            ApiKey = Secret.From("0123456789abcdef"),
            AppKey = Secret.From("short"),
        };
        string text = options.ToString();
        Assert.DoesNotContain("0123456789ab", text, StringComparison.Ordinal);
        Assert.DoesNotContain("short", text, StringComparison.Ordinal);
        Assert.Contains("****cdef", text, StringComparison.Ordinal);
    }
}
