using System.Globalization;

namespace LlmObs.Client.Tests;

/// <summary>One bad event must not sink its batch.</summary>
public sealed class BadEventsTests
{
    private const int Events = 20_000;

    public static TheoryData<int, int> Scatterings => new() { { 1, 4 }, { 2, 4 }, { 3, 1 }, { 4, 4 }, { 5, 8 } };

    [Theory]
    [MemberData(nameof(Scatterings))]
    public async Task Forty_bad_events_among_20_000_are_found_in_600_requests_and_all_others_are_stored_once(int seed, int throttle)
    {
        int[] bad = Scattered(seed, 40);
        using var server = new RefusingServer(bad);
        (SendResult result, Upload upload) = await SendAsync(server, Events, throttle);
        AssertFound(bad, server, result, upload, Events);
        Assert.InRange(server.Server.Requests.Count, 20, 600);
    }

    [Fact]
    public async Task Where_the_answer_points_to_the_event_one_request_a_bad_event_is_enough()
    {
        int[] bad = Scattered(seed: 6, count: 40);
        RefusingServer? server = null;
        server = new RefusingServer(bad, numbers => server!.PointerToFirst(numbers));
        using (server)
        {
            (SendResult result, Upload upload) = await SendAsync(server, Events, throttle: 4);
            AssertFound(bad, server, result, upload, Events);

            // A batch, one more for each bad event, and few to see that pointers are true and which word is taken.
            Assert.InRange(server.Server.Requests.Count, 60, 60 + 16);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(100_000)]
    public async Task A_pointer_that_lies_is_not_believed(int shift)
    {
        int[] bad = [3, 500, 501, 1999];
        RefusingServer? server = null;
        server = new RefusingServer(bad, numbers => server!.PointerToFirst(numbers, shift));
        using (server)
        {
            (SendResult result, Upload upload) = await SendAsync(server, 2000, throttle: 1);
            AssertFound(bad, server, result, upload, 2000);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 40)]
    [InlineData(960, 40)]
    [InlineData(980, 40)]
    [InlineData(1999, 1)]
    public async Task Bad_events_that_stand_together_are_found_too(int first, int count)
    {
        int[] bad = [.. Enumerable.Range(first, count)];
        using var server = new RefusingServer(bad);
        (SendResult result, Upload upload) = await SendAsync(server, 2000, throttle: 1);
        AssertFound(bad, server, result, upload, 2000);
        Assert.InRange(server.Server.Requests.Count, 1, 30 + (12 * count));
    }

    [Fact]
    public async Task Spans_and_metrics_of_one_batch_are_told_apart()
    {
        using var server = new RefusingServer([4, 7]);
        using LlmObsClient client = TestClient.For(server.Server);
        await using var upload = new Upload(client);
        for (int number = 0; number < 10; number++)
        {
            await upload.AddAsync(number % 2 == 0 ? Upload.Metric(number) : Upload.Span(number), number % 2 == 0 ? EventKind.Metric : EventKind.Span);
        }

        SendResult result = await upload.CompleteAsync();
        Assert.Equal((4L, 4L, 2L), (result.SpanCount, result.MetricCount, result.FailedCount));
        Assert.Equal([5L, 8L], upload.Log.Failures.Select(failed => failed.First.Row).Order());
        Assert.Equal([0, 1, 2, 3, 5, 6, 8, 9], server.Stored.Order());
    }

    [Fact]
    public async Task A_file_of_nothing_but_bad_events_is_not_sent_one_by_one()
    {
        using var server = new RefusingServer(Enumerable.Range(0, Events));
        (SendResult result, Upload upload) = await SendAsync(server, Events, throttle: 4);
        Assert.Equal((0L, (long)Events), (result.MetricCount, result.FailedCount));
        Assert.InRange(server.Server.Requests.Count, 20, 1200); // each under two words: nothing ever said which one is taken
        Assert.Equal(Enumerable.Range(0, Events), NumbersOf(upload).Order());
    }

    [Theory]
    [InlineData(400, 300)]
    [InlineData(Events, 400)]
    public async Task Nothing_but_bad_events_of_which_the_answer_names_the_first_is_not_sent_one_by_one(int count, int most)
    {
        RefusingServer? server = null;
        server = new RefusingServer(Enumerable.Range(0, count), numbers => server!.PointerToFirst(numbers));
        using (server)
        {
            (SendResult result, Upload upload) = await SendAsync(server, count, throttle: 1);
            Assert.Equal((0L, (long)count), (result.MetricCount, result.FailedCount));
            Assert.InRange(server.Server.Requests.Count, 1, most);
            Assert.Equal(Enumerable.Range(0, count), NumbersOf(upload).Order());
        }
    }

    [Fact]
    public void A_search_costs_bytes_too_and_what_is_accepted_earns_them()
    {
        var credit = new BadEventSearchBudget();
        credit.Spend(BadEventSearchBudget.MostBytes);
        Assert.False(credit.IsLeft);
        credit.Earn(events: 1, bytes: 1);
        Assert.True(credit.IsLeft);
    }

    [Fact]
    public async Task A_good_half_is_stored_also_when_the_credit_of_the_search_is_used_up()
    {
        // The file is sorted by time: its first 10,500 rows are too old.
        using var server = new RefusingServer(Enumerable.Range(0, 10_500));
        (SendResult result, Upload upload) = await SendAsync(server, Events, throttle: 1);
        Assert.Equal((9_500L, 10_500L), (result.MetricCount, result.FailedCount));
        Assert.Equal(Enumerable.Range(10_500, 9_500), server.Stored.Order());
        Assert.Equal(Enumerable.Range(0, 10_500), NumbersOf(upload).Order());
    }

    [Fact]
    public async Task What_fails_otherwise_during_the_search_is_reported_as_that_and_the_search_goes_on()
    {
        using var server = new RefusingServer([700]) { Before = numbers => numbers.Length < 1000 && numbers.Contains(10) ? Reply.Error(503, "down") : null };
        (SendResult result, Upload upload) = await SendAsync(server, 1000, throttle: 1);
        UndeliveredEvents[] failures = [.. upload.Log.Failures];
        Assert.Equal([700], failures.Where(failed => failed.IsCulprit).SelectMany(failed => failed.Json).Select(NumberOf));
        Assert.All(failures.Where(failed => !failed.IsCulprit), failed => Assert.Equal(FailureKind.ServerError, failed.Failure.Kind));
        Assert.Equal(Enumerable.Range(0, 1000), server.Stored.Concat(NumbersOf(upload)).Order());
        Assert.Equal((server.Stored.Count, 1000 - server.Stored.Count), (result.MetricCount, result.FailedCount));
    }

    [Fact]
    public async Task A_refused_batch_that_is_too_large_in_parts_is_searched_as_well()
    {
        using var server = new RefusingServer([3]) { Before = numbers => numbers.Length is > 10 and < 1000 ? Reply.Error(413) : null };
        (SendResult result, Upload upload) = await SendAsync(server, 1000, throttle: 1);
        AssertFound([3], server, result, upload, 1000);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Whatever_is_bad_every_event_is_either_stored_or_reported_and_never_both(int seed)
    {
        var random = new Random(seed);
        double density = random.NextDouble() * random.NextDouble();
        int[] bad = [.. Enumerable.Range(0, 3000).Where(_ => random.NextDouble() < density)];
        using var server = new RefusingServer(bad);
        (SendResult result, Upload upload) = await SendAsync(server, 3000, throttle: 2);
        Assert.Equal(Enumerable.Range(0, 3000), server.Stored.Concat(NumbersOf(upload)).Order());
        Assert.Equal((server.Stored.Count, 3000 - server.Stored.Count), (result.MetricCount, result.FailedCount));
        Assert.All(upload.Log.Failures.Where(failed => failed.IsCulprit), failed => Assert.Contains(NumberOf(failed.Json[0]), bad));
    }

    private static async Task<(SendResult Result, Upload Upload)> SendAsync(RefusingServer server, int events, int throttle)
    {
        using LlmObsClient client = TestClient.For(server.Server);
        await using var upload = new Upload(client, new SendOptions { ThrottleLimit = throttle });
        for (int number = 0; number < events; number++)
        {
            await upload.AddAsync(Upload.Metric(number));
        }

        return (await upload.CompleteAsync(), upload);
    }

    private static void AssertFound(int[] bad, RefusingServer server, SendResult result, Upload upload, int events)
    {
        Assert.Equal(Enumerable.Range(0, events).Except(bad), server.Stored.Order());
        Assert.Equal((events - bad.Length, bad.Length), (result.MetricCount, result.FailedCount));
        UndeliveredEvents[] failures = [.. upload.Log.Failures.OrderBy(failed => failed.First.Row)];
        Assert.Equal(bad.Select(number => number + 1L), failures.Select(failed => failed.First.Row));
        Assert.All(failures, failed =>
        {
            int number = NumberOf(Assert.Single(failed.Json));
            Assert.True(failed.IsCulprit);
            Assert.Equal(failed.First, failed.Last);
            Assert.Equal(failed.First.Row, number + 1L);
            Assert.Contains($"number {number} is bad", failed.Failure.Message, StringComparison.Ordinal);
        });
    }

    private static IEnumerable<int> NumbersOf(Upload upload) => upload.Log.Failures.SelectMany(failed => failed.Json).Select(NumberOf);

    private static int NumberOf(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return int.Parse(document.RootElement.GetProperty("label").GetString()!, CultureInfo.InvariantCulture);
    }

    private static int[] Scattered(int seed, int count)
    {
        int[] numbers = [.. Enumerable.Range(0, Events)];
        new Random(seed).Shuffle(numbers);
        return [.. numbers.Take(count).Order()];
    }
}
