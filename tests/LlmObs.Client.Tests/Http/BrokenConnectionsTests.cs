namespace LlmObs.Client.Tests;

public sealed class BrokenConnectionsTests
{
    public static TheoryData<string> Operations => new(TestClient.Create, TestClient.Update, TestClient.Push, TestClient.Aggregate);

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_closed_port_is_a_refused_connection(string operation)
    {
        using LlmObsClient client = TestClient.For(TestClient.ClosedPort());
        LlmObsException failure = await TestClient.FailAsync(client, operation);
        Assert.Equal(FailureKind.ConnectionRefused, failure.Kind);
        Assert.Null(failure.StatusCode);
        Assert.Empty(failure.Errors);
        Assert.Contains($"got no answer from {client.Options.BaseUri.Authority}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_not_resolved()
    {
        using LlmObsClient client = TestClient.For(new Uri("https://llmobs.invalid/"));
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal(FailureKind.NameNotResolved, failure.Kind);
        Assert.Contains("llmobs.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_reset_at_once_is_lost_or_was_never_made()
    {
        using var server = new ScriptedServer((_, _) => Reply.Of(200), closesAtOnce: true);
        using LlmObsClient client = TestClient.For(server);

        // The reset races with the end of connecting; which of the two the client sees is up to the system.
        Assert.Contains((await TestClient.FailAsync(client)).Kind, new[] { FailureKind.ConnectionLost, FailureKind.ConnectionRefused });
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_connection_that_is_cut_after_the_request_is_lost(string operation)
    {
        using var server = new ScriptedServer(Reply.Cut);
        using LlmObsClient client = TestClient.For(server);
        LlmObsException failure = await TestClient.FailAsync(client, operation);
        Assert.Equal(FailureKind.ConnectionLost, failure.Kind);
        Assert.Null(failure.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Https_to_a_port_that_speaks_http_is_a_tls_failure_and_sends_no_request()
    {
        using var server = new ScriptedServer((_, _) => Reply.Of(400), answersAnything: true);
        using LlmObsClient client = TestClient.For(new UriBuilder(server.Address) { Scheme = "https" }.Uri, retries: 3);
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal((FailureKind.TlsFailed, 1), (failure.Kind, failure.Attempts));
        Assert.Null(failure.StatusCode);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("https://llmobs.invalid/")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task A_proxy_that_is_not_there_is_a_proxy_failure(string address)
    {
        Uri proxy = TestClient.ClosedPort();
        using LlmObsClient client = TestClient.For(new Uri(address), proxy: proxy);
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal(FailureKind.ProxyFailed, failure.Kind);
        Assert.Contains(proxy.Authority, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_the_tunnel_is_a_proxy_failure_and_gets_no_key()
    {
        using var proxy = new ScriptedServer(Reply.Of(407));
        using var client = new LlmObsClient(new ClientOptions
        {
            BaseUri = new Uri("https://llmobs.invalid/"),
            ApiKey = Secret.From("0123456789abcdef"),
            Proxy = proxy.Address,
            MaxRetryCount = 0,
        });
        Assert.Equal(FailureKind.ProxyFailed, (await TestClient.FailAsync(client)).Kind);
        Assert.Equal("CONNECT", proxy.Requests[0].Method);
        Assert.All(proxy.Requests, request => Assert.Empty(request.Header("DD-API-KEY")));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task No_answer_within_the_limit_is_a_timeout(string operation)
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer((_, _) =>
        {
            time.ExpireLimits();
            return Reply.Never;
        });
        using LlmObsClient client = TestClient.For(server, time: time);
        LlmObsException failure = await TestClient.FailAsync(client, operation);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.Null(failure.StatusCode);
        Assert.Contains("none came within 3600 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_request_that_is_under_way_is_no_failure_of_the_service()
    {
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer((_, _) =>
        {
            stop.Cancel();
            return Reply.Never;
        });
        using LlmObsClient client = TestClient.For(server, retries: 5);
        var log = new AttemptLog();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestClient.SendAsync(client, TestClient.Update, log, stop.Token));
        Assert.Single(server.Requests);

        // It is still reported, as what it is.
        HttpAttemptInfo told = Assert.Single(log.Attempts);
        Assert.Equal((null, null, null), (told.StatusCode, told.Failure, told.RetryAfter));
        Assert.Contains("-> stopped in", told.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(202, TestClient.Push)]
    [InlineData(200, TestClient.Update)]
    public async Task A_success_whose_body_stalls_is_a_success_and_never_sent_again(int status, string operation)
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Stalling(status, time.ExpireLimits));
        using LlmObsClient client = TestClient.For(server, retries: 3, time: time);
        var log = new AttemptLog();
        await TestClient.SendAsync(client, operation, log);
        Assert.Single(server.Requests);
        Assert.Null(Assert.Single(log.Attempts).Failure);
    }

    [Fact]
    public async Task A_creation_whose_answer_stalls_has_landed_and_is_never_sent_again()
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Stalling(200, time.ExpireLimits));
        using LlmObsClient client = TestClient.For(server, retries: 3, time: time);
        LlmObsException failure = await TestClient.FailAsync(client, TestClient.Create);
        Assert.Equal((FailureKind.UnreadableAnswer, 200), (failure.Kind, failure.StatusCode));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_error_whose_body_stalls_keeps_its_status()
    {
        var time = new WaitlessTime();
        using var server = new ScriptedServer(Reply.Stalling(403, time.ExpireLimits));
        using LlmObsClient client = TestClient.For(server, retries: 3, time: time);
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal((FailureKind.Forbidden, 403), (failure.Kind, failure.StatusCode));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancelling_while_a_body_stalls_is_a_cancellation()
    {
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer(Reply.Stalling(200, stop.Cancel));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestClient.SendAsync(client, TestClient.Update, cancellation: stop.Token));
        Assert.Single(server.Requests);
    }
}
