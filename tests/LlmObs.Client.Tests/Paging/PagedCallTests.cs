using System.Globalization;
using System.IO.Compression;

namespace LlmObs.Client.Tests;

public sealed class PagedCallTests
{
    public static TheoryData<string> LastPages => new()
    {
        """{"data":[{"id":"last"}],"meta":{"after":""}}""",
        """{"data":[{"id":"last"}],"meta":{"after":null}}""",
        """{"data":[{"id":"last"}],"meta":{}}""",
        """{"data":[{"id":"last"}],"meta":null}""",
        """{"data":[{"id":"last"}]}""",
    };

    [Theory]
    [MemberData(nameof(LastPages))]
    public async Task An_empty_null_or_absent_cursor_ends_the_list(string last)
    {
        using var server = new ScriptedServer(PageOf("one", "c1"), Reply.Of(200, last));
        using LlmObsClient client = TestClient.For(server);
        Assert.Equal(["one", "last"], await ReadAsync(client));
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("/api/v2/llm-obs/v1/experiments?page%5Blimit%5D=1000", server.Requests[0].Target);
        Assert.Equal("/api/v2/llm-obs/v1/experiments?page%5Blimit%5D=1000&page%5Bcursor%5D=c1", server.Requests[1].Target);
    }

    [Fact]
    public async Task A_page_is_asked_for_only_when_the_one_before_it_was_used_up()
    {
        using var server = new ScriptedServer((_, index) => PageOf($"e{index}", $"c{index}"));
        using LlmObsClient client = TestClient.For(server);
        int used = 0;
        await foreach (Page<Experiment> page in client.ListExperiments(new ExperimentFilter()).ReadAsync())
        {
            Assert.Equal(++used, server.Requests.Count);
            Assert.Equal($"e{used - 1}", page.Items[0].Id);
            if (used == 3)
            {
                break;
            }
        }

        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(1, "c", "c")]
    [InlineData(3, "a", "b", "c", "a")]
    public async Task A_cursor_that_comes_again_ends_with_an_error_after_all_that_was_new(int repeatsAfter, params string[] cursors)
    {
        // For ever the same cursors: without a guard this would never end.
        using var server = new ScriptedServer((_, index) => PageOf($"e{index}", cursors[index % cursors.Length]));
        using LlmObsClient client = TestClient.For(server);
        var read = new List<string>();
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(async () =>
        {
            await foreach (Page<Experiment> page in client.ListExperiments(new ExperimentFilter()).ReadAsync())
            {
                read.AddRange(page.Items.Select(item => item.Id));
            }
        });
        Assert.Equal(FailureKind.UnreadableAnswer, failure.Kind);
        Assert.Contains("used before", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, repeatsAfter + 1).Select(index => $"e{index}"), read);
        Assert.Equal(repeatsAfter + 1, server.Requests.Count);
    }

    [Fact]
    public async Task Pages_that_are_too_large_are_asked_for_in_smaller_ones()
    {
        Reply tooLarge = Reply.Of(200, new byte[ApiTransport.LargestAnswer + 1]);
        using var server = new ScriptedServer(PageOf("one", "c1"), tooLarge, tooLarge, PageOf("two", "c2"), tooLarge, PageOf("three", null));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        Assert.Equal(["one", "two", "three"], await ReadAsync(client));
        Assert.Equal(
            ["1000", "1000&page%5Bcursor%5D=c1", "250&page%5Bcursor%5D=c1", "62&page%5Bcursor%5D=c1", "62&page%5Bcursor%5D=c2", "15&page%5Bcursor%5D=c2"],
            server.Requests.Select(request => request.Target.Split("limit%5D=")[1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_every_size_keep_to_themselves(bool isPacked)
    {
        // The memory of a page is used again for the next one: nothing of the larger one may be seen.
        string[] ids = [new('a', 700_000), "b", new('c', 40_000), new('d', 16 * 1024), "e"];
        Reply[] pages = [.. ids.Select((id, index) => PageOf(id, index == ids.Length - 1 ? null : $"c{index}"))];
        using var server = new ScriptedServer(isPacked ? [.. pages.Select(Packed)] : pages);
        using LlmObsClient client = TestClient.For(server);
        Assert.Equal(ids, await ReadAsync(client));
    }

    [Fact]
    public async Task One_item_that_is_too_large_is_an_error()
    {
        using var server = new ScriptedServer(Reply.Of(200, new byte[ApiTransport.LargestAnswer + 1]));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ReadAsync(client));
        Assert.Equal((FailureKind.AnswerTooLarge, 6), (failure.Kind, server.Requests.Count));
    }

    [Theory]
    [InlineData(null, 1000, new[] { 1 }, "1000@1 250@1 250@2 250@3 250@4 250@5")]
    [InlineData(null, 1000, new[] { 2 }, "1000@1 1000@2 250@5 250@6 250@7 250@8")]
    [InlineData(7L, 7, new[] { 2 }, "7@1 7@2 1@8 1@9 1@10")]
    [InlineData(null, 1000, new[] { 2, 4 }, "1000@1 1000@2 250@5 250@6 50@26 50@27")]
    public async Task Pages_with_numbers_shrink_to_what_divides_that_which_was_read(long? wanted, int first, int[] tooLarge, string pages)
    {
        string[] expected = pages.Split(' ');
        Assert.StartsWith($"{first.ToString(CultureInfo.InvariantCulture)}@1", expected[0], StringComparison.Ordinal);
        using var server = new ScriptedServer((_, index) => tooLarge.Contains(index + 1)
            ? Reply.Of(200, new byte[ApiTransport.LargestAnswer + 1])
            : Reply.Of(200, """{"data":{"attributes":{"experiments":[ITEM]}}}""".Replace("ITEM", index + 1 == expected.Length ? "" : """{"id":"e"}""", StringComparison.Ordinal)));
        using LlmObsClient client = TestClient.For(server);
        await foreach (Page<Experiment> page in client.SimpleSearchExperiments(new ExperimentSearch()).ReadAsync(wanted))
        {
            Assert.NotNull(page);
        }

        Assert.Equal(expected, server.Requests.Select(request =>
        {
            using var body = System.Text.Json.JsonDocument.Parse(request.Text);
            System.Text.Json.JsonElement page = body.RootElement.GetProperty("data").GetProperty("attributes").GetProperty("page");
            return $"{page.GetProperty("limit")}@{page.GetProperty("number")}";
        }));
    }

    [Fact]
    public async Task Empty_pages_without_end_are_an_error()
    {
        using var server = new ScriptedServer((_, index) => Reply.Of(200, $$$"""{"data":[],"meta":{"after":"c{{{index}}}"}}"""));
        using LlmObsClient client = TestClient.For(server);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ReadAsync(client));
        Assert.Equal(FailureKind.UnreadableAnswer, failure.Kind);
        Assert.Contains("empty pages in a row", failure.Message, StringComparison.Ordinal);
        Assert.Equal(100, server.Requests.Count);
    }

    [Fact]
    public async Task Empty_pages_in_between_do_not_end_the_list()
    {
        using var server = new ScriptedServer(
            Reply.Of(200, """{"data":[],"meta":{"after":"c1"}}"""), Reply.Of(200, """{"data":null,"meta":{"after":"c2"}}"""), PageOf("e", null));
        using LlmObsClient client = TestClient.For(server);
        Assert.Equal(["e"], await ReadAsync(client));
    }

    [Theory]
    [InlineData(null, 1000)]
    [InlineData(5L, 5)]
    [InlineData(1200L, 1200)]
    [InlineData(5001L, 5000)]
    [InlineData(long.MaxValue, 5000)]
    public async Task A_page_is_as_large_as_what_is_wanted_and_at_most_what_the_service_takes(long? wanted, int size)
    {
        using var server = new ScriptedServer(PageOf("e", null));
        using LlmObsClient client = TestClient.For(server);
        await foreach (Page<Experiment> page in client.ListExperiments(new ExperimentFilter()).ReadAsync(wanted))
        {
            Assert.Single(page.Items);
        }

        Assert.EndsWith($"?page%5Blimit%5D={size.ToString(CultureInfo.InvariantCulture)}", server.Only.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_page_under_way()
    {
        using var server = new ScriptedServer(PageOf("e", "c1"), Reply.Never);
        using LlmObsClient client = TestClient.For(server);
        using var stopping = new CancellationTokenSource();
        await using IAsyncEnumerator<Page<Experiment>> pages =
            client.ListExperiments(new ExperimentFilter()).ReadAsync().GetAsyncEnumerator(stopping.Token);
        Assert.True(await pages.MoveNextAsync());
        ValueTask<bool> second = pages.MoveNextAsync();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.AsTask());
    }

    [Fact]
    public async Task A_page_that_fails_for_a_moment_is_read_again_and_nothing_is_lost_or_doubled()
    {
        using var server = new ScriptedServer(PageOf("one", "c1"), Reply.Of(503), Reply.Cut, PageOf("two", null));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        Assert.Equal(["one", "two"], await ReadAsync(client));
        Assert.Equal(server.Requests[1].Target, server.Requests[3].Target);
    }

    [Theory]
    [InlineData("{}", "it has no list 'data'")]
    [InlineData("""{"data":{"id":"e"}}""", "it has no list 'data'")]
    [InlineData("""{"data":[{"attributes":{}}]}""", "its 'data' has no 'id'")]
    [InlineData("""{"data":[1]}""", "its 'data' has no 'id'")]
    [InlineData("[", "it is not JSON")]
    [InlineData("", "it is empty")]
    public async Task What_is_no_list_is_said_to_be_none(string body, string reason)
    {
        using var server = new ScriptedServer(Reply.Of(200, body));
        using LlmObsClient client = TestClient.For(server, retries: 3);
        LlmObsException failure = await Assert.ThrowsAsync<LlmObsException>(() => ReadAsync(client));
        Assert.Equal(FailureKind.UnreadableAnswer, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_reading_has_no_body_and_no_content_type()
    {
        using var server = new ScriptedServer(PageOf("e", null));
        using LlmObsClient client = TestClient.For(server);
        await ReadAsync(client);
        Assert.Equal("GET", server.Only.Method);
        Assert.Empty(server.Only.Header("Content-Type"));
        Assert.Empty(server.Only.Header("Content-Length"));
        Assert.True(client.ListExperiments(new ExperimentFilter()).FirstPage().Body.IsEmpty);
    }

    private static Reply PageOf(string id, string? after) => Reply.Of(
        200, $$$"""{"data":[{"id":"{{{id}}}","type":"experiments","attributes":{"name":"n"}}],"meta":{"after":"{{{after}}}"}}""");

    private static Reply Packed(Reply plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain.Body);
        }

        return Reply.Of(plain.Status, packed.ToArray()).With("Content-Encoding", "gzip");
    }

    private static async Task<List<string>> ReadAsync(LlmObsClient client)
    {
        var read = new List<string>();
        await foreach (Page<Experiment> page in client.ListExperiments(new ExperimentFilter()).ReadAsync())
        {
            read.AddRange(page.Items.Select(item => item.Id));
        }

        return read;
    }
}
