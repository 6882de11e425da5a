namespace LlmObs.Client.Tests;

public sealed class EventTypeTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task A_service_that_refuses_events_gets_experiments_and_that_is_remembered_for_the_client(int status)
    {
        using var server = new ScriptedServer((request, _) => Upload.TypeOf(request) == "events" ? Reply.Error(status) : Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        SendResult first = await SendAsync(client, 3);
        SendResult second = await SendAsync(client, 2);
        Assert.Equal(["events", "experiments", "experiments", "experiments", "experiments", "experiments"], server.Requests.Select(Upload.TypeOf));
        Assert.Equal(Upload.Numbers(server.Requests[0].Text), Upload.Numbers(server.Requests[1].Text));
        Assert.Equal((3, 0, 3, 1), (first.MetricCount, first.FailedCount, first.RequestCount, first.RetryCount));
        Assert.Equal((2, 0, 2, 0), (second.MetricCount, second.FailedCount, second.RequestCount, second.RetryCount));
        Assert.Equal(server.Requests.Skip(1).Take(3).Sum(request => (long)request.Body.Length), first.ByteCount);
    }

    [Fact]
    public async Task Once_events_was_accepted_a_refusal_is_about_the_data()
    {
        using var server = new ScriptedServer(Reply.Accepted, Reply.Error(400, "timestamp_within_24hr"), Reply.Error(409), Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 });
        SendResult result = await SendAsync(upload, 4);
        Assert.All(server.Requests, request => Assert.Equal("events", Upload.TypeOf(request)));
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal((2, 2, 4), (result.MetricCount, result.FailedCount, result.RequestCount));
        Assert.Equal([FailureKind.BadRequest, FailureKind.Conflict], upload.Log.Failures.Select(failed => failed.Failure.Kind));
    }

    [Fact]
    public async Task Where_both_words_are_refused_the_first_refusal_is_the_one_that_is_reported()
    {
        using var server = new ScriptedServer((request, _) => Reply.Error(400, "about " + Upload.TypeOf(request)));
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        SendResult result = await SendAsync(upload, 1);
        Assert.Equal(["events", "experiments"], server.Requests.Select(Upload.TypeOf));
        Assert.Contains("about events", Assert.Single(upload.Log.Failures).Failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), (result.MetricCount, result.FailedCount));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task No_other_failure_is_about_the_word(int status)
    {
        using var server = new ScriptedServer(Reply.Error(status));
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client);
        await SendAsync(upload, 1);
        Assert.Equal(["events"], server.Requests.Select(Upload.TypeOf));
    }

    [Fact]
    public async Task A_refusal_after_experiments_was_accepted_is_about_the_data()
    {
        using var server = new ScriptedServer(Reply.Error(400), Reply.Accepted, Reply.Error(400, "bad data"), Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 });
        SendResult result = await SendAsync(upload, 3);
        Assert.Equal(["events", "experiments", "experiments", "experiments"], server.Requests.Select(Upload.TypeOf));
        Assert.Contains("bad data", Assert.Single(upload.Log.Failures).Failure.Message, StringComparison.Ordinal);
        Assert.Equal((2, 1), (result.MetricCount, result.FailedCount));
    }

    [Fact]
    public async Task Where_both_words_are_refused_again_and_again_the_other_is_tried_seldom_but_never_given_up()
    {
        using var server = new ScriptedServer((request, _) => Reply.Error(400));
        using LlmObsClient client = TestClient.For(server);
        await SendAsync(client, 160);
        Assert.Equal(160, server.Requests.Count(request => Upload.TypeOf(request) == "events"));
        Assert.Equal(16 + 9, server.Requests.Count(request => Upload.TypeOf(request) == "experiments"));
    }

    [Fact]
    public async Task Requests_under_way_at_once_all_arrive_under_the_word_that_is_taken()
    {
        using var server = new ScriptedServer((request, _) => Upload.TypeOf(request) == "events" ? Reply.Error(400) : Reply.Accepted);
        using LlmObsClient client = TestClient.For(server);
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 4 });
        SendResult result = await SendAsync(upload, 40);
        Assert.Equal((40, 0), (result.MetricCount, result.FailedCount));
        Assert.Equal(40, server.Requests.Count(request => Upload.TypeOf(request) == "experiments"));
        Assert.InRange(server.Requests.Count(request => Upload.TypeOf(request) == "events"), 1, 4);
    }

    private static async Task<SendResult> SendAsync(LlmObsClient client, int count)
    {
        await using var upload = new Upload(client, new SendOptions { BatchSize = 1, ThrottleLimit = 1 });
        return await SendAsync(upload, count);
    }

    private static async Task<SendResult> SendAsync(Upload upload, int count)
    {
        for (int number = 0; number < count; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        return await upload.CompleteAsync();
    }
}
