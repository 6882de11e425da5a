using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Reads the spans of experiments back, each with its metrics, as the pipeline uses them up.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsEvent", SupportsPaging = true)]
[OutputType(typeof(ExperimentSpan), typeof(ExperimentMetric), typeof(PSObject))]
public sealed class GetLlmObsEventCommand : PagedCmdlet
{
    private readonly SpanTable _table = new();

    /// <summary>The experiment: an object, an id or a name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("ExperimentId", "experiment_id", "Id")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference Experiment { get; set; } = null!;

    /// <summary>Also metrics that a later one of the same span and label took the place of.</summary>
    [Parameter]
    public SwitchParameter IncludeSuperseded { get; set; }

    /// <summary>The metrics of the experiment as a whole, instead of its spans.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>One object for each span, with its scores as properties: a table for Format-Table and Export-Csv.</summary>
    [Parameter]
    public SwitchParameter AsRow { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (AsRow && IncludeSuperseded)
        {
            ThrowTerminatingError(Failures.InvalidValue(
                "-AsRow and -IncludeSuperseded were both given, but a row has one value per label.",
                null,
                "Leave one out; without -AsRow each span has all its metrics in EvalMetrics."));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Names.ExperimentId(Experiment) is not string id)
        {
            return;
        }

        object target = (object?)Experiment.Experiment ?? id;
        try
        {
            if (!Summary)
            {
                WriteList(Client.ListSpans(id, IncludeSuperseded), target);
            }
            else if (TrySend(Client.ListSummaryMetrics(id), target, out IReadOnlyList<ExperimentMetric>? metrics))
            {
                WriteSummary(id, metrics);
            }
        }
        catch (ArgumentException e)
        {
            string message = Failures.Reason(e);
            WriteError(Failures.InvalidValue(e, message, id, "Give the id that New-LlmObsExperiment returned."));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Which columns there are is known when everything was read.
        if (AsRow && !Summary)
        {
            WriteObject(_table.Rows(), enumerateCollection: true);
        }
        else if (AsRow)
        {
            WriteAll([.. _table.Rows()]);
        }
    }

    /// <inheritdoc/>
    private protected override void WriteItem(object? item)
    {
        if (AsRow && item is ExperimentSpan span)
        {
            _table.Add(span);
        }
        else
        {
            base.WriteItem(item);
        }
    }

    private void WriteSummary(string experimentId, IReadOnlyList<ExperimentMetric> metrics)
    {
        if (!AsRow)
        {
            WriteAll(metrics);
        }
        else if (metrics.Count > 0)
        {
            _table.Add(experimentId, metrics);
        }
    }
}
