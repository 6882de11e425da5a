using System.Management.Automation;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Compares two runs record by record: what became better or worse, whether it may be chance, and which records changed.</summary>
[Cmdlet(VerbsData.Compare, "LlmObsExperiment")]
[OutputType(typeof(MetricComparison))]
public sealed class CompareLlmObsExperimentCommand : RunCmdlet
{
    /// <summary>The run to compare with: a run, an experiment (object, id or name), or a result file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object Baseline { get; set; } = null!;

    /// <summary>The run to judge: a run, an experiment (object, id or name), or a result file.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object Candidate { get; set; } = null!;

    /// <summary>The metrics to compare; all if it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Label { get; set; } = [];

    /// <summary>The metrics of which a lower value is better. Duration, errors, tokens and cost are so without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] LowerIsBetter { get; set; } = [];

    /// <summary>The level of intervals and verdicts.</summary>
    [Parameter]
    [ValidateRange(0.5, 0.9999)]
    public double ConfidenceLevel { get; set; } = 0.95;

    /// <summary>The fewest pairs that a verdict is given for.</summary>
    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int MinimumPairCount { get; set; } = 10;

    /// <summary>The seed of the intervals' random numbers; the same seed gives the same interval.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryReadRun(Baseline, out IResultRows? baseline, out string baselineName) || !TryReadRun(Candidate, out IResultRows? candidate, out string candidateName))
        {
            return;
        }

        ComparisonOptions options = new()
        {
            Labels = Label,
            LowerIsBetter = LowerIsBetter,
            ConfidenceLevel = ConfidenceLevel,
            MinimumPairCount = MinimumPairCount,
            Seed = Seed,
        };
        try
        {
            ComparisonResult result = Bridge.Await(_ => Task.FromResult(RunComparison.Compare(
                new ComparedResults(baseline, baselineName, PSObjectJson.Instance.Read),
                new ComparedResults(candidate, candidateName, PSObjectJson.Instance.Read),
                options)));
            foreach (string note in result.Notes)
            {
                WriteWarning(note);
            }

            WarnOfUnknownLabels(result);
            WriteObject(result.Metrics, enumerateCollection: true);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            WriteError(Failures.InvalidResultFile(e, Candidate));
        }
    }

    private void WarnOfUnknownLabels(ComparisonResult result)
    {
        foreach (string label in Label.Concat(LowerIsBetter).Except(result.Labels, StringComparer.OrdinalIgnoreCase))
        {
            WriteWarning(Warnings.NoSuchMetric(label, result.Labels));
        }
    }
}
