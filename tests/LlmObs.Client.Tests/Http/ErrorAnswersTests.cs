namespace LlmObs.Client.Tests;

public sealed class ErrorAnswersTests
{
    [Theory]
    [InlineData(400, FailureKind.BadRequest)]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    [InlineData(407, FailureKind.ProxyFailed)]
    [InlineData(408, FailureKind.ServerError)]
    [InlineData(409, FailureKind.Conflict)]
    [InlineData(413, FailureKind.PayloadTooLarge)]
    [InlineData(418, FailureKind.UnexpectedStatus)]
    [InlineData(422, FailureKind.BadRequest)]
    [InlineData(429, FailureKind.RateLimited)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(502, FailureKind.ServerError)]
    [InlineData(503, FailureKind.ServerError)]
    [InlineData(504, FailureKind.ServerError)]
    [InlineData(301, FailureKind.Redirected)]
    [InlineData(304, FailureKind.Redirected)]
    [InlineData(307, FailureKind.Redirected)]
    public async Task Each_status_is_a_failure_of_its_kind_in_the_servers_words(int status, FailureKind kind)
    {
        foreach (string operation in (string[])[TestClient.Create, TestClient.Update, TestClient.Push, TestClient.Aggregate])
        {
            using var server = new ScriptedServer(status == 304 ? Reply.Of(304) : Reply.Error(status, "the goblin said no"));
            using LlmObsClient client = TestClient.For(server);
            LlmObsException failure = await TestClient.FailAsync(client, operation);
            Assert.Equal(kind, failure.Kind);
            Assert.Equal(status, failure.StatusCode);
            Assert.Equal(1, failure.Attempts);
            Assert.Equal(server.Requests[0].Method, failure.Method);
            Assert.Equal(server.Requests[0].Target, failure.Path);
            Assert.Contains($"answered with {status}", failure.Message, StringComparison.Ordinal);
            if (status != 304)
            {
                Assert.Equal("the goblin said no", Assert.Single(failure.Errors).Detail);
                Assert.Contains("the goblin said no", failure.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_json_api_error_is_read_with_all_its_fields()
    {
        LlmObsException failure = await FailWithAsync("""
            {"errors":[{"title":"Bad","detail":"name is missing","status":"400","source":{"pointer":"/data/attributes/name","parameter":"p","header":"h"},"meta":{"x":1}}]}
            """);
        Assert.Equal(
            new ApiError { Title = "Bad", Detail = "name is missing", Status = "400", Pointer = "/data/attributes/name", Parameter = "p", Header = "h" },
            Assert.Single(failure.Errors));
        Assert.Contains("Bad: name is missing (at /data/attributes/name)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"errors":[{"title":"Only a title"}]}""", "Only a title")]
    [InlineData("""{"errors":[{"detail":"Only a detail"}]}""", "Only a detail")]
    [InlineData("""{"errors":[{"detail":"In a query","source":{"parameter":"filter[id]"}}]}""", "In a query (at filter[id])")]
    [InlineData("""{"errors":[{"detail":"In a header","source":{"header":"DD-API-KEY"}}]}""", "In a header (at DD-API-KEY)")]
    [InlineData("""{"errors":[{"detail":"Odd source","source":"text"}]}""", "Odd source")]
    [InlineData("""{"errors":[{"detail":null,"title":null,"status":400}]}""", "no reason given")]
    [InlineData("""{"errors":[{}]}""", "no reason given")]
    [InlineData("""{"errors":["API rate limit exceeded"]}""", "API rate limit exceeded")]
    [InlineData("""{"errors":"one text"}""", "one text")]
    [InlineData("""{"errors":[["odd"]]}""", "[\"odd\"]")]
    [InlineData("""{"errors":[]}""", "no reason was given")]
    [InlineData("""{"message":"Forbidden by gateway"}""", "Forbidden by gateway")]
    [InlineData("\"bare text\"", "bare text")]
    [InlineData("", "no reason was given")]
    [InlineData(" \r\n", "no reason was given")]
    [InlineData("plain words", "plain words")]
    [InlineData("<html><head><style>p { color: red }</style></head><body><h1>502 Bad\nGateway</h1></body></html>", "502 Bad Gateway")]
    [InlineData("""{"errors":[{"detail":"torn""", "torn")]
    public async Task The_servers_words_are_found_in_whatever_form_they_come(string body, string words)
    {
        LlmObsException failure = await FailWithAsync(body);
        Assert.Equal(FailureKind.BadRequest, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("color", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"errors\":[{\"detail\":\"cut in an emoji \\ud83d\"}]}")]
    [InlineData("{\"errors\":[\"cut in an emoji \\ud83d\"]}")]
    [InlineData("{\"errors\":[{\"\\udc00\":1,\"detail\":\"cut in an emoji\"}]}")]
    public async Task Text_that_was_cut_inside_a_character_does_not_hide_the_failure(string body)
    {
        LlmObsException failure = await FailWithAsync(body);
        Assert.Equal(400, failure.StatusCode);
        Assert.Contains("cut in an emoji", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_do_not_hide_the_failure()
    {
        using var server = new ScriptedServer(Reply.Of(400, [.. "{\"errors\":[\"na"u8, 0xEF, .. "ve\"]}"u8]));
        using LlmObsClient client = TestClient.For(server);
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal(FailureKind.BadRequest, failure.Kind);
        Assert.Single(failure.Errors);
    }

    [Fact]
    public async Task A_page_full_of_open_tags_does_not_hide_the_failure()
    {
        LlmObsException failure = await FailWithAsync("Sorry " + string.Concat(Enumerable.Repeat("<script>x", 300_000)));
        Assert.Equal(400, failure.StatusCode);
        Assert.Contains("Sorry", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Length < 1000);
    }

    [Fact]
    public async Task Of_many_errors_the_message_shows_three_and_the_exception_all()
    {
        LlmObsException failure = await FailWithAsync("""{"errors":["e1","e2","e3","e4","e5"]}""");
        Assert.Equal(5, failure.Errors.Count);
        Assert.EndsWith("e1; e2; e3; and 2 more.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_the_status_as_it_is()
    {
        using var server = new ScriptedServer(Reply.Error(403).TornAfter(10));
        using LlmObsClient client = TestClient.For(server);
        LlmObsException failure = await TestClient.FailAsync(client);
        Assert.Equal((FailureKind.Forbidden, 403), (failure.Kind, failure.StatusCode));
    }

    private static async Task<LlmObsException> FailWithAsync(string body)
    {
        using var server = new ScriptedServer(Reply.Of(400, body));
        using LlmObsClient client = TestClient.For(server);
        return await TestClient.FailAsync(client);
    }
}
