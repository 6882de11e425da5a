using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace LlmObs.Client.Tests;

/// <summary>For events of any size: none is lost, duplicated or reordered, and no body is too large.</summary>
public sealed class BatchPropertiesTests
{
    private sealed record Given(bool IsSpan, int Length, bool IsBroken);

    private sealed record Job(IReadOnlyList<Given> Events, int BatchSize, int MaxBytes, int Cut);

    private static readonly Arbitrary<Job> Jobs = Arb.From(
        from events in (
            from isSpan in Gen.Elements(true, false)
            from length in Gen.Frequency((9, Gen.Choose(0, 300)), (1, Gen.Choose(300, 7000)))
            from broken in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Given(isSpan, length, broken)).ListOf()
        from batchSize in Gen.Choose(1, 40)
        from maxBytes in Gen.Choose(200, 6000)
        from cut in Gen.Choose(0, 1000)
        select new Job([.. events], batchSize, maxBytes, cut),
        job => Enumerable.Range(0, job.Events.Count).Select(at => job with { Events = [.. job.Events.Where((_, index) => index != at)] }));

    [Fact]
    public void No_event_is_lost_doubled_or_reordered_and_no_body_too_large() => Holds.ForAll(Jobs, job =>
    {
        using LlmObsClient client = TestClient.For(new Uri("http://127.0.0.1:1/"));
        using var stream = new EventBatcher(client, "e1", new EventDefaults(), new SendOptions { BatchSize = job.BatchSize, MaxBatchBytes = job.MaxBytes });
        var batches = new List<int[]>();
        int failed = 0;
        foreach ((int number, Given given) in job.Events.Index())
        {
            try
            {
                Take(stream.Add(RowOf(number, given), given.IsSpan ? EventKind.Span : EventKind.Metric), job, batches);
            }
            catch (EventRowException)
            {
                failed++;
            }
        }

        Take(stream.Flush(), job, batches);
        Assert.Null(stream.Flush());
        int[] good = [.. job.Events.Index().Where(item => !item.Item.IsBroken).Select(item => item.Index)];
        Assert.Equal(job.Events.Count - good.Length, failed);
        Assert.Equal(good, batches.SelectMany(batch => batch.Order()));
        Assert.All(batches.Zip(batches.Skip(1)), pair => Assert.True(pair.First.Max() < pair.Second.Min()));
    });

    private static void Take(ReadyBatch? ready, Job job, List<int[]> batches)
    {
        if (ready is null)
        {
            return;
        }

        using (ready)
        {
            BatchSlice all = BatchSlice.AllOf(ready.Batch);
            int[] numbers = NumbersIn(all, out long bytes);
            Assert.True(bytes <= job.MaxBytes || ready.Count == 1, $"{bytes} bytes for {ready.Count} events");
            Assert.InRange(ready.Count, 1, job.BatchSize);
            Assert.Equal(ready.Count, numbers.Length);

            // A body has spans and metrics in their original order.
            Assert.Equal(numbers.Where(number => job.Events[number].IsSpan).Order().Concat(numbers.Where(number => !job.Events[number].IsSpan).Order()), numbers);

            // Cut in two anywhere, as a batch is that is too large: the parts are the whole.
            int first = job.Cut % (ready.Count + 1);
            int[] parts = [.. NumbersIn(all.Slice(0, first), out _), .. NumbersIn(all.Slice(first), out _)];
            Assert.Equal(numbers.Order(), parts.Order());

            // Without some that are bad: what is left is the rest, in its order.
            int[] bad = [.. Enumerable.Range(0, ready.Count).Where(position => ((job.Cut >> (position % 10)) & 1) == 1)];
            int[] sorted = [.. numbers.Order()]; // events stand in the batch as they came
            Assert.Equal(numbers.Except(bad.Select(position => sorted[position])), NumbersIn(all.Without(bad), out _));
            batches.Add(numbers);
        }
    }

    private static int[] NumbersIn(BatchSlice events, out long bytes)
    {
        var body = new EventBody(events, DataTypeNegotiation.Documented);
        bytes = body.Length;
        string text = Encoding.UTF8.GetString(body.Head(int.MaxValue));
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(text));
        using JsonDocument json = JsonDocument.Parse(text); // a body is JSON, whatever it is cut from
        return Upload.Numbers(text);
    }

    private static EventRow RowOf(int number, Given given) => given switch
    {
        { IsBroken: true, IsSpan: true } => TableRow.Span(("input", new object[] { new string('x', given.Length), double.NaN })),
        { IsBroken: true } => TableRow.Metric(("label", new string('x', given.Length + 1)), ("score_value", "high")),
        { IsSpan: true } => Upload.Span(number, given.Length),
        _ => Upload.Metric(number, given.Length),
    };
}
