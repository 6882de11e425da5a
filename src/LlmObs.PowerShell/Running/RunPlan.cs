using System.Runtime.CompilerServices;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A run that is about to begin.</summary>
internal sealed record RunPlan
{
    public required Experiment Experiment { get; init; }

    public required RunTarget Target { get; init; }

    public required RunSettings Settings { get; init; }

    /// <summary>The number of iterations per record.</summary>
    public int RunCount { get; init; } = 1;

    /// <summary>The work to run.</summary>
    public required RunWork Work { get; init; }

    /// <summary>The selection of the dataset's records.</summary>
    public RecordChoice Choice { get; init; } = new();

    /// <summary>True if work is skipped, because it is finished.</summary>
    public Func<WorkItem, bool> IsDone { get; init; } = static _ => false;

    /// <summary>Rows that are done already, and count in the result.</summary>
    public IEnumerable<ResultRow> Earlier { get; init; } = [];

    /// <summary>Rows that are done but for evaluators that were not given before, or failed. They count once they are judged by these.</summary>
    public IReadOnlyList<LackingRow> Lacking { get; init; } = [];

    /// <summary>Those of <see cref="Earlier"/> that the service may not have.</summary>
    public IEnumerable<ResultRow> Unsent { get; init; } = [];

    /// <summary>True if the rows are kept for the result.</summary>
    public bool KeepsRows { get; init; } = true;

    /// <summary>True if this run sets the experiment's status; one of several parts does not.</summary>
    public bool SetsStatus { get; init; } = true;

    /// <summary>Keeps each request until it is answered; null if nothing does.</summary>
    public EventSpool? Spool { get; init; }

    public ResultFileWriter? File { get; init; }

    public string? ResultPath { get; init; }

    public Uri? Url { get; init; }

    /// <summary>The sentence that says how to resume it; null if that is impossible.</summary>
    public string? ResumeHint => ResultPath is null ? null : Warnings.Resume(ResultPath, Given, IsOfStored);

    /// <summary>The sentence that says how to judge again what evaluators failed to; null if that is impossible.</summary>
    public string? JudgeAgainHint => ResultPath is null ? null : Warnings.JudgeAgain(ResultPath, Given);

    /// <summary>The parameters that have to be given again for that.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>True if rows are only judged again.</summary>
    public bool IsOfStored => Work is StoredWork;

    /// <summary>All that is to be run or judged.</summary>
    /// <param name="iterations">Is told of all work, in its order; null if nobody needs that.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<WorkItem> ReadWorkAsync(RunIterations? iterations, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (LackingRow lacking in Lacking)
        {
            yield return new WorkItem(new RunRecord(lacking.Row), lacking.Row.RunIteration) { Stored = lacking.Row };
        }

        await foreach (WorkItem item in Work.ReadAsync(cancellation).ConfigureAwait(false))
        {
            iterations?.Expect(item);
            if (!IsDone(item))
            {
                yield return item;
            }
        }
    }

    /// <summary>The first line of a result file.</summary>
    public ResultHeader ToHeader(DateTimeOffset now) => new()
    {
        ExperimentId = Experiment.Id,
        Name = Experiment.Name,
        LogicalName = Target.ExperimentName,
        ProjectId = Target.ProjectId,
        ProjectName = Target.ProjectName,
        DatasetId = Target.DatasetId,
        DatasetName = Target.DatasetName,
        DatasetVersion = Experiment.DatasetVersion,
        ParentExperimentId = Experiment.ParentExperimentId,
        IsRescored = IsOfStored,
        Description = Experiment.Description,
        Config = Settings.Config is null ? default : JsonSnapshot.Of(Settings.Config),
        Metadata = Experiment.Metadata is null ? default : JsonSnapshot.Of(Experiment.Metadata),
        RunCount = RunCount,
        Selection = Choice.ToJson(),
        SpanTags = Target.Tags,
        Url = Url?.AbsoluteUri,
        StartedAt = now,
    };
}
