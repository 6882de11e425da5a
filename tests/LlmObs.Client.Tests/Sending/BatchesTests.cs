namespace LlmObs.Client.Tests;

public sealed class BatchesTests
{
    [Fact]
    public async Task A_request_holds_spans_and_metrics_in_the_form_of_the_contract()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        await upload.AddAsync(Upload.Span(1), EventKind.Span);
        await upload.AddAsync(Upload.Metric(2));
        await upload.AddAsync(Upload.Span(3), EventKind.Span);
        SendResult result = await upload.CompleteAsync();
        string span(int n) => """{"trace_id":"t","span_id":"#","project_id":"p","dataset_id":"d","name":"n","start_ns":1,"duration":1,"status":"ok","meta":{"input":""}}""".Replace("#", $"{n}", StringComparison.Ordinal);
        string metric = """{"span_id":"s","label":"2","metric_type":"boolean","boolean_value":true,"timestamp_ms":1700000000000}""";
        JsonAssert.Same($"{{\"data\":{{\"type\":\"events\",\"attributes\":{{\"spans\":[{span(1)},{span(3)}],\"metrics\":[{metric}]}}}}}}", server.Only.Text);
        Assert.Equal(("e1", 2, 1, 1, 0, 0), (result.ExperimentId, result.SpanCount, result.MetricCount, result.RequestCount, result.RetryCount, result.FailedCount));
        Assert.Equal(server.Only.Body.Length, result.ByteCount);
    }

    [Theory]
    [InlineData(1, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(2, new[] { 2, 2, 1 })]
    [InlineData(5, new[] { 5 })]
    [InlineData(6, new[] { 5 })]
    public async Task No_request_has_more_events_than_asked_for(int batchSize, int[] sizes)
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = batchSize, ThrottleLimit = 1 });
        for (int number = 0; number < 5; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        SendResult result = await upload.CompleteAsync();
        Assert.Equal(sizes, server.Requests.Select(request => Upload.Numbers(request.Text).Length));
        Assert.Equal([0, 1, 2, 3, 4], server.Requests.SelectMany(request => Upload.Numbers(request.Text)));
        Assert.Equal((sizes.Length, 5), (result.RequestCount, result.MetricCount));
    }

    [Fact]
    public async Task Whatever_the_sizes_no_event_is_lost_or_doubled_and_no_body_is_too_large()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        var random = new Random(20260304);
        int before = 0;
        for (int round = 0; round < 60; round++)
        {
            var options = new SendOptions { BatchSize = random.Next(1, 40), MaxBatchBytes = random.Next(200, 6000), ThrottleLimit = 1 };
            await using var upload = new Upload(client, options);
            int count = random.Next(0, 120);
            var spans = new List<int>();
            var metrics = new List<int>();
            for (int number = 0; number < count; number++)
            {
                bool span = random.Next(2) == 0;
                int length = random.Next(10) == 0 ? random.Next(7000) : random.Next(300);
                (span ? spans : metrics).Add(number);
                await upload.AddAsync(span ? Upload.Span(number, length) : Upload.Metric(number, length), span ? EventKind.Span : EventKind.Metric);
            }

            SendResult result = await upload.CompleteAsync();
            RecordedRequest[] requests = [.. server.Requests.Skip(before)];
            before += requests.Length;
            int[][] sent = [.. requests.Select(request => Upload.Numbers(request.Text))];
            Assert.Equal(spans.Concat(metrics).Order(), sent.SelectMany(numbers => numbers).Order());
            Assert.All(requests.Zip(sent), pair => Assert.True(pair.First.Body.Length <= options.MaxBatchBytes || pair.Second.Length == 1));
            Assert.All(sent, numbers => Assert.InRange(numbers.Length, 1, options.BatchSize));

            // In one request spans and metrics each keep their order; a later request holds later events.
            Assert.All(sent, numbers => Assert.Equal(numbers.Where(spans.Contains).Order().Concat(numbers.Where(metrics.Contains).Order()), numbers));
            Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.First.Max() < pair.Second.Min()));
            Assert.Equal((spans.Count, metrics.Count, requests.Length, 0), (result.SpanCount, result.MetricCount, result.RequestCount, result.FailedCount));
            Assert.Equal(requests.Sum(request => (long)request.Body.Length), result.ByteCount);
        }
    }

    [Fact]
    public async Task An_event_larger_than_the_limit_goes_alone()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { MaxBatchBytes = 1000, ThrottleLimit = 1 });
        await upload.AddAsync(Upload.Metric(0));
        await upload.AddAsync(Upload.Metric(1, 5000));
        await upload.AddAsync(Upload.Metric(2));
        await upload.CompleteAsync();
        Assert.Equal([[0], [1], [2]], server.Requests.Select(request => Upload.Numbers(request.Text)));
    }

    [Fact]
    public async Task A_row_that_cannot_be_sent_leaves_no_trace_in_the_batch_and_is_counted()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        await upload.AddAsync(Upload.Metric(0));
        Assert.Throws<EventRowException>(() => upload.Stream.Add(TableRow.Metric(("label", new string('x', 50_000)), ("score_value", "high")), null));
        Assert.Throws<EventRowException>(() => upload.Stream.Add(TableRow.Span(("input", new object[] { 1, double.NaN })), null));
        Assert.Throws<EventRowException>(() => upload.Stream.Add(new TableRow(("span_id", "s")), null));
        upload.Stream.CountFailures(1);
        await upload.AddAsync(Upload.Metric(1));
        SendResult result = await upload.CompleteAsync();
        Assert.Equal([0, 1], Upload.Numbers(server.Only.Text));
        Assert.Equal((2, 4), (result.MetricCount, result.FailedCount));
    }

    [Fact]
    public async Task Nothing_to_send_sends_nothing()
    {
        using var server = new ScriptedServer(Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        Assert.Null(upload.Stream.Flush());
        Assert.Equal(new SendResult { ExperimentId = "e1" }, await upload.CompleteAsync());
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_preview_shows_the_body_or_its_beginning()
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions());
        stream.Add(Upload.Metric(7), EventKind.Metric);
        using ReadyBatch batch = stream.Flush()!;
        string whole = batch.Preview(10_000);
        Assert.Equal([7], Upload.Numbers(whole));
        string cut = batch.Preview(30);
        Assert.StartsWith(whole[..30] + "…", cut, StringComparison.Ordinal);
        Assert.EndsWith($"(0 spans and 1 metrics, {whole.Length} bytes in all)", cut, StringComparison.Ordinal);
        Assert.Equal((1, "e1"), (batch.Count, batch.ExperimentId));
    }

    [Fact]
    public void The_time_of_a_result_runs_from_the_first_event_to_the_last_answer()
    {
        Assert.Null(new SendResult { ExperimentId = "e", SpanCount = 5 }.EventsPerSecond);
        Assert.Equal(4, new SendResult { ExperimentId = "e", SpanCount = 5, MetricCount = 3, Elapsed = TimeSpan.FromSeconds(2) }.EventsPerSecond);
    }
}
