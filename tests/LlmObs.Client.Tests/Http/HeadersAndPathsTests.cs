namespace LlmObs.Client.Tests;

public sealed class HeadersAndPathsTests
{
    public static TheoryData<string, string, string> Operations => new()
    {
        { TestClient.Create, "POST", "/api/v2/llm-obs/v1/experiments" },
        { TestClient.Update, "PATCH", "/api/v2/llm-obs/v1/experiments/e1" },
        { TestClient.Push, "POST", "/api/v2/llm-obs/v1/experiments/e1/events" },
        { TestClient.Aggregate, "POST", "/api/v2/llm-obs/v1/experimentation/analytics" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Each_operation_has_its_method_path_and_headers(string operation, string method, string path)
    {
        using var server = new ScriptedServer(Reply.Of(400));
        using var client = new LlmObsClient(new ClientOptions
        {
            BaseUri = server.Address,
            ApiKey = Secret.From("api-key-0123456789"),
            AppKey = Secret.From("app-key-0123456789"),
            MaxRetryCount = 0,
        });
        await TestClient.FailAsync(client, operation);
        RecordedRequest request = server.Requests[0];
        Assert.Equal((method, path), (request.Method, request.Target));
        Assert.Equal(["api-key-0123456789"], request.Header("DD-API-KEY"));
        Assert.Equal(["app-key-0123456789"], request.Header("DD-APPLICATION-KEY"));
        Assert.Equal(["application/json"], request.Header("Accept"));
        Assert.Equal(["application/json"], request.Header("Content-Type"));
        Assert.StartsWith("LlmObs/", Assert.Single(request.Header("User-Agent")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_no_key_header_is_sent()
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using LlmObsClient client = TestClient.For(server);
        await TestClient.SendAsync(client, TestClient.Update);
        Assert.Empty(server.Only.Header("DD-API-KEY"));
        Assert.Empty(server.Only.Header("DD-APPLICATION-KEY"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Headers_are_told_to_those_who_want_them(bool wanted)
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using LlmObsClient client = TestClient.For(server);
        var log = new AttemptLog { WantsHeaders = wanted };
        await client.UpdateExperiment("e1", new ExperimentPatch { Name = "x" }).SendAsync(log);
        HttpAttemptInfo attempt = Assert.Single(log.Attempts);
        Assert.Equal(wanted, attempt.RequestHeaders.Any(header => header.Key == "User-Agent"));
        Assert.Equal(wanted, attempt.ResponseHeaders.Any(header => header.Key == "Content-Length"));
    }

    [Theory]
    [InlineData("../projects", "..%2Fprojects")]
    [InlineData("%2e%2e", "%252e%252e")]
    [InlineData("a?b=c", "a%3Fb%3Dc")]
    [InlineData("a#b", "a%23b")]
    [InlineData("a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201")]
    [InlineData("a\\b", "a%5Cb")]
    [InlineData("...", "...")]
    [InlineData("é", "%C3%A9")]
    public async Task An_id_is_one_segment_of_the_path_whatever_it_holds(string id, string segment)
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using LlmObsClient client = TestClient.For(server);
        await client.UpdateExperiment(id, new ExperimentPatch { Name = "x" }).SendAsync();
        Assert.Equal($"/api/v2/llm-obs/v1/experiments/{segment}", server.Only.Target);
        Assert.Empty(server.Only.Header("X-Evil"));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(" \t")]
    public void An_id_that_would_change_the_path_is_refused(string id)
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        Assert.Throws<ArgumentException>(() => client.UpdateExperiment(id, new ExperimentPatch()));
        Assert.Throws<ArgumentException>(() => client.EventsAddress(id));
        Assert.Throws<ArgumentException>(() => new EventBatcher(client, id, new EventDefaults(), new SendOptions()));
    }

    [Fact]
    public async Task A_path_in_the_base_address_stays_in_front()
    {
        using var server = new ScriptedServer(Reply.Of(200));
        using LlmObsClient client = TestClient.For(new Uri(server.Address, "gateway/dd/"));
        await TestClient.SendAsync(client, TestClient.Update);
        Assert.Equal("/gateway/dd/api/v2/llm-obs/v1/experiments/e1", server.Only.Target);
    }

    [Fact]
    public void A_call_shows_what_it_would_send()
    {
        using LlmObsClient client = TestClient.For(new Uri("https://api.datadoghq.eu/"));
        ApiCall<Experiment> call = client.CreateExperiment(TestClient.Draft);
        Assert.Equal("POST", call.Method);
        Assert.Equal("https://api.datadoghq.eu/api/v2/llm-obs/v1/experiments", call.Address.AbsoluteUri);
        JsonAssert.Same("""{"data":{"type":"experiments","attributes":{"name":"n","project_id":"p"}}}""", call.Body);
    }
}
