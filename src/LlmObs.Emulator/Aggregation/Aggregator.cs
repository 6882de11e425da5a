using System.Diagnostics;

namespace LlmObs.Emulator.Aggregation;

/// <summary>
/// Averages over the metrics that a query matches. Of metrics with the same experiment, span and label only the latest
/// counts, whatever the query or the time range, in averages and in <c>hit_count</c>: an older value is not what the span
/// scored. A time range takes <c>timestamp_ms</c>, both ends included.
/// </summary>
internal static class Aggregator
{
    /// <summary>The number of events between two checks of the clock and the client.</summary>
    private const int EventsPerCheck = 1024;

    /// <summary>Runs an aggregate; nothing is written meanwhile, so it may only take so long, and ends with its client.</summary>
    public static Problem? Run(
        EmulatorStore store, AggregateRequest request, TimeSpan limit, Func<bool> isClientGone, out AggregateAnswer? answer)
    {
        (Problem? problem, answer) = store.Read((experiments, events) => Run(experiments, events, request, limit, isClientGone));
        return problem;
    }

    private static (Problem? Problem, AggregateAnswer? Answer) Run(
        ExperimentRegistry experiments, EventLog events, AggregateRequest request, TimeSpan limit, Func<bool> isClientGone)
    {
        long start = Stopwatch.GetTimestamp();
        EventPredicate predicate = QueryCompiler.Compile(request.Query);
        var groups = new GroupTree([.. request.GroupBy.Select(FieldCatalog.Find)]);
        var buckets = new GroupSums(groups, [.. request.Computations.Select(item => FieldCatalog.Find(item.Metric))]);
        var view = new EventView(experiments, events);
        long hits = 0;
        for (int row = 0; row < events.Metrics.Count; row++)
        {
            if (row % EventsPerCheck == 0)
            {
                if (Stopwatch.GetElapsedTime(start) >= limit)
                {
                    return (TooLong(limit), null);
                }

                if (isClientGone())
                {
                    return (new Problem(499, "The client closed the connection before the aggregate was done."), null);
                }
            }

            ref readonly StoredMetric metric = ref events.Metrics[row];
            if (metric.IsSuperseded || metric.TimestampMs < request.From || metric.TimestampMs > request.To)
            {
                continue;
            }

            view.MoveTo(in metric);
            bool isOfVersion = request.DatasetVersion is null || view.Experiment.DatasetVersion == request.DatasetVersion;
            if (!isOfVersion || !predicate.Matches(view))
            {
                continue;
            }

            hits++;
            if (!buckets.TryAdd(view))
            {
                return (TooManyGroups(), null);
            }
        }

        return (null, new AggregateAnswer(hits, buckets.Take(request.Limit)));
    }

    private static Problem TooLong(TimeSpan limit) => new(
        504, FormattableString.Invariant($"The aggregate took longer than {limit.TotalSeconds} s; ask for fewer terms."));

    private static Problem TooManyGroups() => Problem.BadRequest(
        FormattableString.Invariant($"An event is in more than {GroupTree.MaxGroupsPerEvent} groups; group by fewer lists."),
        "/data/attributes/aggregate/group_by");
}
