using System.Management.Automation;
using System.Runtime.CompilerServices;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>All that a run goes over, in its order.</summary>
internal abstract class RunWork
{
    private long _total = -1; // read by the pipeline thread while work is read

    /// <summary>The number of items; null as long as it is unknown.</summary>
    public long? Total
    {
        get => Volatile.Read(ref _total) is >= 0 and long known ? known : null;
        protected set => Volatile.Write(ref _total, value ?? -1);
    }

    public abstract IAsyncEnumerable<WorkItem> ReadAsync(CancellationToken cancellation);
}

/// <summary>Records of a dataset, each once in each iteration.</summary>
/// <param name="records">The records.</param>
/// <param name="runCount">The number of iterations.</param>
internal sealed class RecordWork(RunRecords records, int runCount) : RunWork
{
    /// <summary>The number of records before the choice, counted in the first iteration.</summary>
    public long RecordCount { get; private set; } = records.Piped;

    /// <summary>The parameters that choose among them.</summary>
    public string ChoiceText => records.GivenChoice.ToString();

    public override async IAsyncEnumerable<WorkItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int iteration = 1; iteration <= runCount; iteration++)
        {
            long count = 0;
            // The service tells a count of records nowhere: it is known once the last of them are there.
            IAsyncEnumerable<DatasetRecord> chosen = records.Read(iteration == 1 ? CountedAsync : static all => all, known => Total = known * runCount, cancellation);
            await foreach (DatasetRecord record in chosen.ConfigureAwait(false))
            {
                count++;
                yield return new WorkItem(new RunRecord(record), iteration);
            }

            Total ??= count * runCount;
        }
    }

    private async IAsyncEnumerable<DatasetRecord> CountedAsync(IAsyncEnumerable<DatasetRecord> all)
    {
        await foreach (DatasetRecord record in all.ConfigureAwait(false))
        {
            RecordCount += records.Piped == 0 ? 1 : 0;
            yield return record;
        }
    }
}

/// <summary>
/// Rows of an experiment that was run before, to be judged again: copies with ids of their own, of one trace, that began as far
/// apart as the rows did, the first of them now.
/// </summary>
internal sealed class StoredWork : RunWork
{
    // Those that a run writes itself.
    private static readonly HashSet<string> OwnTags = new(StringComparer.Ordinal)
    {
        "experiment_id", "experiment_name", "run_id", "run_iteration", "project_id", "project_name", "dataset_id", "dataset_name", "dataset_record_id", "parent_experiment_span_id",
    };

    private readonly IResultRows _rows;
    private readonly long _now; // nanoseconds since 1970
    private readonly long _earliest;
    private readonly string _traceId;

    /// <param name="rows">The rows.</param>
    /// <param name="now">When the first of the copies begins.</param>
    /// <param name="traceId">The trace of copies that were made before; null if there are none.</param>
    public StoredWork(IResultRows rows, DateTimeOffset now, string? traceId = null)
    {
        _traceId = traceId ?? EventIds.NewTraceId();
        _rows = rows;
        _now = (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        _earliest = rows.Rows().Min(row => row.StartNs) ?? _now;
        Total = rows.RowCount;
    }

    public override async IAsyncEnumerable<WorkItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (ResultRow row in _rows.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            ResultRow copy = CopyOf(row);
            yield return new WorkItem(new RunRecord(copy), copy.RunIteration) { Stored = copy };
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private ResultRow CopyOf(ResultRow row) => row with
    {
        ParentSpanId = row.SpanId,
        Evaluations = [],
        SpanId = EventIds.NewSpanId(),
        TraceId = _traceId,
        StartNs = _now + ((row.StartNs ?? _earliest) - _earliest),
        DurationNs = Math.Max(1, row.DurationNs ?? 1), // the service refuses a duration of nothing
        Output = row.Output.IsMissing ? RawJson.Of("null") : row.Output,
        Tags = [.. row.Tags.Where(tag => !OwnTags.Contains(tag.Split(':', 2)[0]))],
    };
}

/// <summary>A record that is to be run in one iteration.</summary>
internal sealed class WorkItem(RunRecord record, int iteration)
{
    private int _settled;

    public RunRecord Record => record;

    /// <summary>The row as it was run before, if it is only judged again; null if the task is run.</summary>
    public ResultRow? Stored { get; init; }

    /// <summary>Its cached output; null if there is none.</summary>
    public AttemptResult? Cached { get; set; }

    /// <summary>From 1 on.</summary>
    public int Iteration => iteration;

    /// <summary>The number of times that the task was run for it.</summary>
    public int Attempts { get; set; }

    /// <summary>True if the caller is the first to know how the present attempt ended: the task itself, or its time limit.</summary>
    public bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    public void BeginAttempt() => Volatile.Write(ref _settled, 0);
}

/// <summary>The result of running a task once.</summary>
internal sealed record AttemptResult
{
    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public required long StartNs { get; init; }

    public required long DurationNs { get; init; }

    public object? Output { get; init; }

    public RawJson OutputJson { get; init; }

    /// <summary>The task's data in addition to its output.</summary>
    public TaskResult? Told { get; init; }

    public RawJson MetadataJson { get; init; }

    public RowError? Error { get; init; }

    /// <summary>The wait that a service asked for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool FromCache { get; init; }

    /// <summary>The result of a task that exceeded its time limit just now.</summary>
    public static AttemptResult OverTime(TimeSpan limit, DateTimeOffset now) => new()
    {
        StartNs = ((now - DateTimeOffset.UnixEpoch).Ticks - limit.Ticks) * TimeSpan.NanosecondsPerTick,
        DurationNs = limit.Ticks * TimeSpan.NanosecondsPerTick,
        Error = new RowError(FormattableString.Invariant($"The task did not end within {limit.TotalSeconds} s, and was stopped."), typeof(TimeoutException).FullName),
    };

    /// <summary>The result of a task that ended its own pipeline.</summary>
    public static AttemptResult Stopped(DateTimeOffset now) => new()
    {
        StartNs = (now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
        DurationNs = 1,
        Error = new RowError("The task was stopped from within.", typeof(PipelineStoppedException).FullName),
    };

    /// <summary>The result of an earlier run.</summary>
    public static AttemptResult Of(ResultRow stored) => new()
    {
        StartNs = stored.StartNs ?? 0,
        DurationNs = stored.DurationNs ?? 1,
        Output = JsonSnapshot.Read(stored.Output),
        OutputJson = stored.Output,
        Error = stored.IsFailed ? stored.Error ?? new RowError("The task failed; its row has no error.") : null,
    };
}
