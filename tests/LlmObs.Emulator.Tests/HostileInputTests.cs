using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmObs.Emulator.Http;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class HostileInputTests : IAsyncLifetime
{
    private readonly TestEmulator _emulator = new();
    private string _id = string.Empty;

    public async Task InitializeAsync() => _id = await _emulator.ExperimentAsync();

    public async Task DisposeAsync()
    {
        await _emulator.MustServeAsync();
        await _emulator.DisposeAsync();
    }

    public static TheoryData<string, byte[]> NotJson
    {
        get
        {
            var cases = new TheoryData<string, byte[]>
            {
                { "nothing", [] },
                { "spaces", "   "u8.ToArray() },
                { "binary", [0x00, 0xFF, 0x1B, 0x80, 0xC0] },
                { "byte order mark", [0xEF, 0xBB, 0xBF, .. "{}"u8] },
                { "UTF-16", Encoding.Unicode.GetBytes("{\"data\":{}}") },
                { "not UTF-8 in a string", [.. "{\"data\":\""u8, 0xC3, 0x28, .. "\"}"u8] },
                { "overlong UTF-8", [.. "{\"data\":\""u8, 0xC0, 0xAF, .. "\"}"u8] },
                { "surrogate as UTF-8", [.. "{\"data\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8] },
                { "10,000 arrays deep", Encoding.ASCII.GetBytes(new string('[', 10_000)) },
                { "10,000 objects deep", Encoding.ASCII.GetBytes("{\"data\":" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_001)) },
            };
            foreach (string text in new[]
            {
                "{", "}", "{\"data\"", "{\"data\":}", "{'data':1}", "{\"data\":{},}", "{\"data\":NaN}", "{\"data\":Infinity}", "{\"data\":-}",
                "{\"data\":01}", "{\"data\":{}} x", "{\"data\":{}}{}", "{\"data\":\"\n\"}", "{\"data\":\"\\x\"}", "{\"data\":\"\\ud800\"}",
                "{\"data\":\"\\udc00\"}", "{\"data\":\"\\ud800\\ud800\"}", "{\"data\":\"\\uD83Dx\\uDE00\"}", "{\"\\ud800\":1}", "{\"data\":\"\\u12\"}", "/*c*/{}",
                "{\"data\":tru}", "<html>", "[1,2", "\"unclosed",
            })
            {
                cases.Add(text, Encoding.UTF8.GetBytes(text));
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(NotJson))]
    public async Task What_is_not_JSON_is_400_everywhere(string what, byte[] body)
    {
        foreach ((string method, string path) in new[]
        {
            ("POST", TestEmulator.Experiments), ("PATCH", $"{TestEmulator.Experiments}/{_id}"),
            ("POST", TestEmulator.EventsOf(_id)), ("POST", TestEmulator.Analytics),
        })
        {
            Reply reply = await _emulator.SendAsync(method, path, body);

            Assert.True(reply.Status == 400, $"{what}: {method} {path} answered {reply.Status}");
            // Events are read in one pass, which may come upon something else first.
            Assert.True(path.EndsWith("/events", StringComparison.Ordinal) || IsAboutJson(reply.Detail), reply.Detail);
        }
    }

    [Theory]
    [InlineData("{\"data\":{\n  \"type\":\"events\",\n  \"attributes\":x}}", 3, 16)]
    [InlineData("{\"data\":\"\\ud800\"}", 1, 9)]
    [InlineData("{\n\"data\":\"\\ud800\"}", 2, 8)]
    public async Task The_place_is_told(string body, int line, int position)
    {
        foreach (string path in new[] { TestEmulator.Experiments, TestEmulator.EventsOf(_id) })
        {
            Reply reply = await _emulator.PostAsync(path, body);

            Assert.Contains($"at line {line}, byte {position}:", reply.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_place_of_a_byte_that_is_not_UTF_8_is_told()
    {
        Reply reply = await _emulator.SendAsync("POST", TestEmulator.EventsOf(_id), [.. "{\n \"a\":\""u8, 0xFF, .. "\"}"u8]);

        Assert.Contains("at line 2, byte 7:", reply.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":{"type":"experiments","type":"experiments","attributes":{"name":"a","project_id":"p"}}}""")]
    [InlineData("""{"data":{"type":"experiments","attributes":{"name":"a","name":"b","project_id":"p"}}}""")]
    [InlineData("""{"data":{"type":"experiments","attributes":{"name":"a","project_id":"p","config":{"a":1,"a":2}}}}""")]
    public async Task A_key_that_is_there_twice_is_refused(string body) =>
        Assert.Equal(400, (await _emulator.PostAsync(TestEmulator.Experiments, body)).Status);

    [Fact]
    public async Task Deep_values_are_taken_up_to_a_depth_and_searched_without_harm()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);
        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(more: $",\"metadata\":{deep}")))).Status);

        string path = "metadata" + string.Concat(Enumerable.Repeat(".a", 200));
        Reply reply = await _emulator.AggregateAsync(
            $$$"""{"compute":[{"metric":"{{{path}}}","name":"m"}],"indexes":["experiment-evals"],"search":{"query":"@{{{path}}}:1"}}""");

        Assert.Equal("""[{"by":{},"metrics":{"m":1}}]""", reply.Attributes.GetProperty("result").GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData("1e400", 1)]
    [InlineData("-1e400", 1)]
    [InlineData("123456789012345678901234567890", 1)]
    public async Task A_huge_number_in_free_data_is_kept_and_harms_no_query(string number, int hits)
    {
        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(more: $",\"metadata\":{{\"n\":{number}}}")))).Status);

        Reply reply = await _emulator.AggregateAsync(
            """{"compute":[{"metric":"metadata.n","name":"m"}],"indexes":["experiment-evals"],"search":{"query":"@metadata.n:*"},"group_by":[{"field":"metadata.n"}]}""");

        Assert.Equal(hits, reply.Attributes.GetProperty("hit_count").GetInt64());
        Assert.Contains(number, Encoding.UTF8.GetString(_emulator.Store.Metrics(_id)[0].Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_texts_and_names_are_taken()
    {
        string text = new('x', 1_000_000);

        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Spans(Bodies.Span(text, $",\"meta\":{{\"input\":\"{text}\"}}")))).Status);
        Assert.Equal(202, (await _emulator.PushAsync(_id, Bodies.Metrics(Bodies.Metric(text, text)))).Status);
        Assert.Equal(404, (await _emulator.PostAsync($"{TestEmulator.Experiments}/{text[..8000]}/events", "{}")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("chunked")]
    public async Task A_body_over_the_limit_is_413(string? transfer)
    {
        await using var emulator = new TestEmulator(new EmulatorOptions(), new RequestLimits { MaxBodyBytes = 100_000 });
        string fits = Bodies.Data("experiments", $$"""{"name":"a","project_id":"p","description":"{{new string('x', 99_000)}}"}""");

        Assert.Equal(200, (await emulator.PostAsync(TestEmulator.Experiments, fits)).Status);
        Reply reply = await emulator.SendAsync(
            "POST", TestEmulator.Experiments, new byte[5_000_000], request => request.Headers.TransferEncodingChunked = transfer is not null);

        reply.MustRefuse(413, null);
        Assert.Equal(1, emulator.Store.ExperimentCount);
        await emulator.MustServeAsync();
    }

    [Fact]
    public async Task A_body_of_100_MB_is_413_with_the_usual_limit()
    {
        Reply reply = await _emulator.SendAsync("POST", TestEmulator.EventsOf(_id), new byte[100 * 1024 * 1024]);

        reply.MustRefuse(413, null);
    }

    [Fact]
    public async Task A_gzip_body_is_unpacked()
    {
        byte[] body = Encoding.UTF8.GetBytes(Bodies.Data("events", Bodies.Metrics(Bodies.Metric())));

        Reply reply = await _emulator.SendAsync("POST", TestEmulator.EventsOf(_id), Zip(body), Encoded("gzip"));

        Assert.Equal(202, reply.Status);
        Assert.Equal(1, _emulator.Store.MetricCount);
        Assert.Equal(body, _emulator.Server.Requests[^1].Body.ToArray());
    }

    [Fact]
    public async Task A_gzip_body_that_unpacks_to_too_much_is_413()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions(), new RequestLimits { MaxBodyBytes = 100_000 });

        Reply reply = await emulator.SendAsync("POST", TestEmulator.Experiments, Zip(new byte[10_000_000]), Encoded("gzip"));

        reply.MustRefuse(413, null);
        await emulator.MustServeAsync();
    }

    [Theory]
    [InlineData("gzip", 400)]
    [InlineData("br", 415)]
    [InlineData("gzip, gzip", 415)]
    public async Task A_body_that_cannot_be_unpacked_is_refused(string encoding, int status) =>
        (await _emulator.SendAsync("POST", TestEmulator.Experiments, "{\"data\":1}"u8.ToArray(), Encoded(encoding))).MustRefuse(status, null);

    [Fact]
    public async Task A_body_that_does_not_come_is_given_up()
    {
        await using var emulator = new TestEmulator(new EmulatorOptions(), new RequestLimits { BodyTimeout = TimeSpan.FromMilliseconds(300) });
        string head = $"POST {TestEmulator.Experiments} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{{";

        string answer = await RawHttp.SendAsync(emulator.Server.Port, head, closeAfter: false);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        await emulator.MustServeAsync();
    }

    [Fact]
    public async Task Slow_bodies_do_not_hold_up_others()
    {
        var clients = new List<TcpClient>();
        try
        {
            for (int index = 0; index < 50; index++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, _emulator.Server.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST {TestEmulator.Experiments} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{"));
            }

            await _emulator.MustServeAsync();
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_not_stored()
    {
        string body = Bodies.Data("experiments", """{"name":"a","project_id":"p"}""");

        await RawHttp.SendAsync(
            _emulator.Server.Port, $"POST {TestEmulator.Experiments} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {body.Length + 10}\r\n\r\n{body}");

        Assert.Equal(1, _emulator.Store.ExperimentCount);
    }

    public static TheoryData<string> NotHttp =>
    [
        "",
        "\r\n\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\n: empty\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        "GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET //evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET \\\\x\\y HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        "POST /api/v2/llm-obs/v1/experiments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nExpect: 200-ok\r\n\r\nabc",
        "GET /" + new string('a', 100_000) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + new string('a', 100_000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + string.Concat(Enumerable.Range(0, 5000).Select(index => $"X-{index}: a\r\n")) + "\r\n",
    ];

    [Theory]
    [MemberData(nameof(NotHttp))]
    public async Task Malformed_HTTP_is_answered_or_dropped_and_stores_nothing(string request)
    {
        string answer = await RawHttp.SendAsync(_emulator.Server.Port, request);

        Assert.DoesNotMatch("^HTTP/1\\.1 2", answer);
        Assert.Equal(1, _emulator.Store.ExperimentCount);
        await _emulator.MustServeAsync();
    }

    [Fact]
    public async Task Clients_that_leave_before_the_answer_do_no_harm()
    {
        string body = Bodies.Data("experiments", """{"name":"left","project_id":"p"}""");
        byte[] request = Encoding.ASCII.GetBytes($"POST {TestEmulator.Experiments} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        for (int index = 0; index < 50; index++)
        {
            using var client = new TcpClient { LingerState = new LingerOption(true, 0) };
            await client.ConnectAsync(IPAddress.Loopback, _emulator.Server.Port);
            await client.GetStream().WriteAsync(request);
        }

        await _emulator.MustServeAsync();
    }

    private static bool IsAboutJson(string detail) =>
        detail.StartsWith("The body is not valid JSON", StringComparison.Ordinal) || detail.StartsWith("The body is empty", StringComparison.Ordinal);

    private static Action<HttpRequestMessage> Encoded(string encoding) =>
        request => request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

    private static byte[] Zip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            zip.Write(plain);
        }

        return packed.ToArray();
    }
}
