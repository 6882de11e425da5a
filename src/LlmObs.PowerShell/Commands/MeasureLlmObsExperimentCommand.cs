using System.Management.Automation;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Measures the iterations of a run together: mean and error, spread, pass@k, and how much of a difference is noise.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "LlmObsExperiment")]
[OutputType(typeof(MetricMeasurement))]
public sealed class MeasureLlmObsExperimentCommand : RunCmdlet
{
    /// <summary>A run, an experiment (object, id or name), or a result file.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object Experiment { get; set; } = null!;

    /// <summary>The metrics to measure; all if it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Label { get; set; } = [];

    /// <summary>k of pass@k and pass^k; the most tries that every record has if it is not given.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? TryCount { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryReadRun(Experiment, out IResultRows? rows, out string name))
        {
            return;
        }

        try
        {
            IReadOnlyList<MetricMeasurement> measurements = Bridge.Await(_ => Task.FromResult(
                RunMeasurement.Measure(new ComparedResults(rows, name, PSObjectJson.Instance.Read), Label, TryCount)));
            WriteObject(measurements, enumerateCollection: true);
            if (measurements.Count == 0)
            {
                WriteWarning(Warnings.NothingToMeasure(name, rows.RowCount));
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            WriteError(Failures.InvalidResultFile(e, Experiment));
        }
    }
}
