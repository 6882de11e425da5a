using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Shows runs, aggregates or a comparison in the summary of a pipeline's run, and ends the run if they are not good enough.</summary>
[Cmdlet(VerbsCommunications.Write, "LlmObsSummary", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(string))]
public sealed class WriteLlmObsSummaryCommand : LlmObsCmdlet
{
    private readonly List<AggregateBucket> _buckets = [];
    private readonly List<MetricComparison> _comparisons = [];
    private readonly List<ExperimentRun> _runs = [];
    private IReadOnlyList<Threshold>? _thresholds;

    /// <summary>What Invoke-LlmObsExperiment, Invoke-LlmObsAggregate or Compare-LlmObsExperiment returned; one of these kinds.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? InputObject { get; set; }

    /// <summary>
    /// What closes the gate: Degraded, TooFewPairs, Inconclusive, or Unpaired for records that only one of the runs has a value for.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ComparisonFailure[] FailOn { get; set; } = [];

    /// <summary>A Markdown file to write, instead of the one that is there.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// What must hold, by metric or group: @{ faithfulness = '>= 0.8' }. Names may narrow each other:
    /// @{ faithfulness = @{ avg = '>= 0.8' } }. Conditions are >=, >, &lt;=, &lt;, = and ranges such as 0.2..0.8.
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public IDictionary? Threshold { get; set; }

    /// <summary>The heading.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Evaluation scores";

    /// <summary>Writes the summary as a comment on the pull request of this build, too: one a title, which is changed and not repeated.</summary>
    [Parameter]
    public SwitchParameter PullRequest { get; set; }

    /// <summary>Writes the Markdown to the pipeline, too, if it goes to a summary or a file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _thresholds = Threshold is null ? null : Gates.Threshold.Read(Threshold);
        }
        catch (PSArgumentException e)
        {
            Fail(Failures.InvalidThreshold(e.Message));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object? given in InputObject ?? [])
        {
            switch (given is PSObject wrapped ? wrapped.BaseObject : given)
            {
                case AggregateBucket bucket:
                    _buckets.Add(bucket);
                    break;
                case MetricComparison comparison:
                    _comparisons.Add(comparison);
                    break;
                case ExperimentRun run:
                    _runs.Add(run);
                    break;
                case null:
                    break;
                case object other:
                    Fail(Failures.CannotSummarize(other.GetType().Name));
                    break;
            }
        }

        InputObject = null;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        int kinds = (_buckets.Count > 0 ? 1 : 0) + (_comparisons.Count > 0 ? 1 : 0) + (_runs.Count > 0 ? 1 : 0);
        if (kinds > 1)
        {
            Fail(Failures.SeveralKinds());
        }

        if (_comparisons.Count > 0)
        {
            SummarizeComparisons();
            return;
        }

        if (kinds == 0 || (_runs.Count > 0 && _runs.TrueForAll(run => run.Metrics.Count + run.SummaryEvaluations.Count == 0)))
        {
            Fail(Failures.NothingToSummarize(isRun: kinds > 0));
        }

        if (FailOn.Length > 0)
        {
            Fail(Failures.FailOnWithoutComparison());
        }

        SummaryTable table = _runs.Count > 0 ? RunTable.Of(_runs) : SummaryTable.Of(_buckets);
        Gate? gate = _thresholds is null ? null : new Gate(table, _thresholds, _runs);
        Publish(MarkdownReport.Write(Title, table, gate));
        if (gate is { Problems.Count: > 0 })
        {
            Fail(Failures.UnknownThreshold(gate.Problems));
        }

        if (gate is { Broken.Count: > 0 })
        {
            Fail(Failures.ThresholdBroken(gate.Broken));
        }
    }

    private void SummarizeComparisons()
    {
        ComparisonGate? gate = FailOn.Length == 0 && _thresholds is null ? null : new(_comparisons, FailOn, _thresholds ?? []);
        string markdown = ComparisonMarkdown.Write(Title, _comparisons, gate);
        Publish(markdown);
        if (gate is { Problems.Count: > 0 })
        {
            Fail(Failures.UnknownThresholdOfComparison(gate.Problems));
        }

        if (gate is { Broken.Count: > 0 })
        {
            Fail(Failures.ComparisonFailed(gate.Broken));
        }
    }

    private void Publish(string markdown)
    {
        bool isElsewhere = new ReportDestinations(this, file => ShouldProcess(file, "Write summary")).Write(markdown, Path, Title);
        if (PassThru || !isElsewhere)
        {
            WriteObject(markdown);
        }

        if (PullRequest)
        {
            Comment(markdown);
        }
    }

    private void Comment(string markdown)
    {
        BuildAgent agent = new(this);
        if (!BuildPullRequest.TryFind(out PullRequest? pullRequest, out ErrorRecord? problem))
        {
            if (problem is null)
            {
                agent.Note("This is not a build of a pull request, so no comment was written.");
            }
            else
            {
                WriteError(problem);
            }

            return;
        }

        string name = FormattableString.Invariant($"pull request {pullRequest.Number} of {pullRequest.Repository}");
        if (!ShouldProcess(name, "Write comment"))
        {
            return;
        }

        try
        {
            using PullRequestComments comments = new(pullRequest, ClientCache.Time);
            (bool isChange, string? address) = Bridge.Await(token => comments.WriteAsync(Title, markdown, new VerboseObserver(Bridge), token));
            agent.Note($"The comment '{Title}' of {name} was {(isChange ? "brought up to date" : "written")}{(address is null ? "." : $": {address}")}");
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.NoComment(e, pullRequest, name));
        }
    }

    private void Fail(GateFailure failure)
    {
        string[] said = [.. failure.Reasons.Select(BuildAgent.Neutral)];
        var agent = new BuildAgent(this);
        foreach (string reason in said)
        {
            agent.LogError(reason);
        }

        throw Failures.EndOfScript(failure with { Reasons = said }, (MyInvocation.MyCommand.Name, GetType()));
    }
}
