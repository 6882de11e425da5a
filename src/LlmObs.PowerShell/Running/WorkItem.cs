using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A record that is to be run in one iteration.</summary>
internal sealed class WorkItem(RunRecord record, int iteration)
{
    private int _settled;

    public RunRecord Record => record;

    /// <summary>The row as it was run before, if it is only judged again; null if the task is run.</summary>
    public ResultRow? Stored { get; init; }

    /// <summary>What the cache has of it; null if it has nothing.</summary>
    public AttemptResult? Cached { get; set; }

    /// <summary>From 1 on.</summary>
    public int Iteration => iteration;

    /// <summary>How often the task was run for it before.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether the caller is the first who knows how the present attempt ended: the task itself, or its time limit.</summary>
    public bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    public void BeginAttempt() => Volatile.Write(ref _settled, 0);
}
