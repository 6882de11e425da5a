using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A run that is about to begin.</summary>
internal sealed record RunPlan
{
    public required Experiment Experiment { get; init; }

    public required RunTarget Target { get; init; }

    public required RunSettings Settings { get; init; }

    /// <summary>How many times each record is run.</summary>
    public int RunCount { get; init; } = 1;

    /// <summary>Reads the records, anew for each iteration.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<DatasetRecord>> Records { get; init; }

    /// <summary>Whether a record of an iteration is left out, since it is done already.</summary>
    public Func<string, int, bool> IsDone { get; init; } = static (_, _) => false;

    /// <summary>Rows that are done already, and count in the result.</summary>
    public IEnumerable<ResultRow> Earlier { get; init; } = [];

    /// <summary>Those of them that the service may not have.</summary>
    public IEnumerable<ResultRow> Unsent { get; init; } = [];

    /// <summary>Whether the rows are kept for the result.</summary>
    public bool KeepsRows { get; init; } = true;

    /// <summary>Whether this run says how the experiment goes; one of several parts of it does not.</summary>
    public bool SetsStatus { get; init; } = true;

    /// <summary>Keeps each request until it is answered; null if nothing does.</summary>
    public EventSpool? Spool { get; init; }

    public ResultFileWriter? File { get; init; }

    public string? ResultPath { get; init; }

    public Uri? Url { get; init; }
}
