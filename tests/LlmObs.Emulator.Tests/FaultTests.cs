using System.Collections;
using System.Diagnostics;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task A_script_is_played_in_order_and_then_ends()
    {
        await using var emulator = With(
            new EmulatorFault { Status = 500, Count = 2 }, new EmulatorFault { Status = 429 }, new EmulatorFault { Status = 503, Count = 0 });

        int[] statuses = await StatusesAsync(emulator, 5);

        Assert.Equal([500, 500, 429, 200, 200], statuses);
        Assert.Equal(2, emulator.Store.ExperimentCount);
        Assert.Equal(5, emulator.Server.RequestCount);
        Assert.Equal(statuses, emulator.Server.Requests.Select(request => request.Status));
    }

    [Theory]
    [InlineData("/events", new[] { 200, 500, 202 })]
    [InlineData("POST /API/v2/llm-obs/v1/EXPERIMENTS/", new[] { 200, 500, 202 })]
    [InlineData("patch", new[] { 200, 202, 202 })]
    public async Task A_fault_is_for_the_requests_it_names(string on, int[] expected)
    {
        await using var emulator = With(new EmulatorFault { On = on, Status = 500 });

        Reply created = await emulator.CreateAsync("""{"name":"a","project_id":"p"}""");
        string id = created.Data.GetProperty("id").GetString()!;
        Reply first = await emulator.PushAsync(id, "{}");
        Reply second = await emulator.PushAsync(id, "{}");

        Assert.Equal<IEnumerable<int>>(expected, [created.Status, first.Status, second.Status]);
    }

    [Fact]
    public async Task A_rate_is_drawn_from_the_seed()
    {
        int[] first = await DrawAsync(seed: 7);
        int[] again = await DrawAsync(seed: 7);
        int[] other = await DrawAsync(seed: 8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(status => status == 503), 10, 60);

        static async Task<int[]> DrawAsync(int seed)
        {
            await using var emulator = new TestEmulator(
                new EmulatorOptions { Seed = seed, Faults = [new EmulatorFault { Rate = 0.3, Status = 503 }] });
            return await StatusesAsync(emulator, 100);
        }
    }

    [Theory]
    [InlineData(1.0, null, 10)]
    [InlineData(1.0, 3, 3)]
    [InlineData(0.0, null, 0)]
    public async Task A_rate_goes_on_unless_a_count_is_given(double rate, int? count, int expected)
    {
        await using var emulator = With(new EmulatorFault { Rate = rate, Count = count, Status = 503 });

        Assert.Equal(expected, (await StatusesAsync(emulator, 10)).Count(status => status == 503));
    }

    [Fact]
    public async Task A_count_holds_for_requests_at_the_same_time()
    {
        await using var emulator = With(new EmulatorFault { Status = 503, Count = 7 });

        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => CreateAsync(emulator)));

        Assert.Equal(7, replies.Count(reply => reply.Status == 503));
        Assert.Equal(23, emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task A_429_has_the_form_of_the_documents_and_the_headers_asked_for()
    {
        await using var emulator = With(new EmulatorFault
        {
            Status = 429,
            Headers = new Hashtable { ["x-ratelimit-reset"] = new object[] { 7, "7" }, ["Retry-After"] = 2.5, ["Content-Type"] = "application/json" },
        });

        Reply reply = await CreateAsync(emulator);

        Assert.Equal("""{"errors":["Too Many Requests"]}""", reply.Text);
        Assert.Equal("7, 7", reply.Headers["x-ratelimit-reset"]);
        Assert.Equal("2.5", reply.Headers["Retry-After"]);
        Assert.Equal("application/json", reply.ContentType);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(504)]
    [InlineData(599)]
    public async Task An_error_has_the_form_of_the_API(int status)
    {
        await using var emulator = With(new EmulatorFault { Status = status });

        (await CreateAsync(emulator)).MustRefuse(status, null);
    }

    [Theory]
    [InlineData(EmulatorFaultBody.Html, "text/html")]
    [InlineData(EmulatorFaultBody.Empty, null)]
    [InlineData(EmulatorFaultBody.Garbage, "application/vnd.api+json")]
    public async Task Other_bodies(EmulatorFaultBody body, string? contentType)
    {
        await using var emulator = With(new EmulatorFault { Status = 429, Body = body });

        Reply reply = await CreateAsync(emulator);

        Assert.Equal(429, reply.Status);
        Assert.Equal(contentType, reply.ContentType);
        Assert.Equal(body == EmulatorFaultBody.Empty, reply.Body.Length == 0);
        Assert.Equal(body == EmulatorFaultBody.Html, reply.Text.StartsWith("<html>", StringComparison.Ordinal));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => reply.Json);
        Assert.Equal(0, emulator.Store.ExperimentCount);
    }

    [Theory]
    [InlineData(202, EmulatorFaultBody.Garbage)]
    [InlineData(200, EmulatorFaultBody.Json)]
    [InlineData(204, EmulatorFaultBody.Html)]
    public async Task A_fault_with_a_status_stores_nothing(int status, EmulatorFaultBody body)
    {
        await using var emulator = With(new EmulatorFault { Status = status, Body = body });

        Assert.Equal(status, (await CreateAsync(emulator)).Status);
        Assert.Equal(0, emulator.Store.ExperimentCount);
        await emulator.MustServeAsync();
    }

    [Fact]
    public async Task A_body_without_a_status_replaces_that_of_the_usual_answer_and_what_was_sent_is_stored()
    {
        await using var emulator = With(new EmulatorFault { On = "/events", Body = EmulatorFaultBody.Garbage });
        string id = await emulator.ExperimentAsync();

        Reply reply = await emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric()));

        Assert.Equal(202, reply.Status);
        Assert.NotEmpty(reply.Body);
        Assert.Equal(1, emulator.Store.MetricCount);
    }

    [Theory]
    [InlineData(503, 0)]
    [InlineData(null, 1)]
    public async Task A_truncated_answer_ends_before_its_length(int? status, int stored)
    {
        await using var emulator = With(new EmulatorFault { Status = status, Body = EmulatorFaultBody.Truncated });

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(emulator));

        Assert.Equal(stored, emulator.Store.ExperimentCount);
        await emulator.MustServeAsync();
    }

    [Theory]
    [InlineData(EmulatorFaultDrop.BeforeStoring, 0)]
    [InlineData(EmulatorFaultDrop.AfterStoring, 1)]
    public async Task A_drop_cuts_the_connection_before_or_after_storing(EmulatorFaultDrop drop, int stored)
    {
        await using var emulator = With(new EmulatorFault { On = "/events", Drop = drop });
        string id = await emulator.ExperimentAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.PushAsync(id, Bodies.Metrics(Bodies.Metric())));

        Assert.Equal(stored, emulator.Store.MetricCount);
        Assert.Equal([200, 0], emulator.Server.Requests.Select(request => request.Status));
        await emulator.MustServeAsync();
    }

    [Fact]
    public async Task A_delay_comes_before_the_usual_answer()
    {
        await using var emulator = With(new EmulatorFault { DelayMs = 200 });
        var watch = Stopwatch.StartNew();

        Assert.Equal(200, (await CreateAsync(emulator)).Status);

        Assert.True(watch.ElapsedMilliseconds >= 195, $"{watch.ElapsedMilliseconds} ms");
        Assert.Equal(1, emulator.Store.ExperimentCount);
    }

    [Fact]
    public async Task A_delay_does_not_hold_up_other_requests_nor_the_stop()
    {
        var watch = Stopwatch.StartNew();
        await using (var emulator = With(new EmulatorFault { On = "/events", DelayMs = 60_000 }))
        {
            string id = await emulator.ExperimentAsync();
            Task<Reply> waiting = emulator.PushAsync(id, "{}");
            await emulator.MustServeAsync();
            Assert.False(waiting.IsCompleted);
            await emulator.Server.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => waiting);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
    }

    public static TheoryData<EmulatorFault, string> Unplayable => new()
    {
        { new EmulatorFault { Rate = 1.5 }, "rate" },
        { new EmulatorFault { Rate = double.NaN }, "rate" },
        { new EmulatorFault { Status = 99 }, "status" },
        { new EmulatorFault { Status = 100 }, "status" },
        { new EmulatorFault { Status = 600 }, "status" },
        { new EmulatorFault { DelayMs = -1 }, "delay" },
        { new EmulatorFault { Headers = new Hashtable { ["a b"] = "x" } }, "a b" },
        { new EmulatorFault { Headers = new Hashtable { ["Content-Length"] = "5" } }, "Content-Length" },
        { new EmulatorFault { Headers = new Hashtable { ["x"] = "a\r\nSet-Cookie: b" } }, "control character" },
    };

    [Theory]
    [MemberData(nameof(Unplayable))]
    public void A_fault_that_cannot_be_played_is_refused_at_the_start(EmulatorFault fault, string expected)
    {
        EmulatorException failure = Assert.Throws<EmulatorException>(
            () => EmulatorServer.Start(new EmulatorOptions { Faults = [new EmulatorFault { Status = 500 }, fault] }));

        Assert.Contains("Fault 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_with_several_values_is_sent_as_several_lines()
    {
        await using var emulator = With(new EmulatorFault { Status = 429, Headers = new Hashtable { ["x-ratelimit-reset"] = new[] { "7", "8" } } });

        string answer = await RawHttp.SendAsync(emulator.Server.Port, "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Contains("\r\nx-ratelimit-reset: 7\r\nx-ratelimit-reset: 8\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EmulatorFaultDrop.BeforeStoring)]
    [InlineData(EmulatorFaultDrop.AfterStoring)]
    public async Task A_drop_sends_not_a_byte(EmulatorFaultDrop drop)
    {
        await using var emulator = With(new EmulatorFault { Drop = drop });
        string body = Bodies.Data("experiments", """{"name":"a","project_id":"p"}""");

        string answer = await RawHttp.SendAsync(
            emulator.Server.Port,
            $"POST {TestEmulator.Experiments} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            closeAfter: false);

        Assert.Empty(answer);
    }

    private static TestEmulator With(params EmulatorFault[] faults) => new(new EmulatorOptions { Faults = faults });

    private static Task<Reply> CreateAsync(TestEmulator emulator) => emulator.CreateAsync("""{"name":"a","project_id":"p"}""");

    private static async Task<int[]> StatusesAsync(TestEmulator emulator, int count)
    {
        var statuses = new int[count];
        for (int index = 0; index < count; index++)
        {
            statuses[index] = (await CreateAsync(emulator)).Status;
        }

        return statuses;
    }
}
