using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Reads the spans of experiments back, each with its metrics, as the pipeline uses them up.</summary>
[Cmdlet(VerbsCommon.Get, "LlmObsEvent", SupportsPaging = true, DefaultParameterSetName = ByExperiment)]
[OutputType(typeof(ExperimentSpan), typeof(ExperimentMetric), typeof(PSObject))]
public sealed class GetLlmObsEventCommand : PagedCmdlet
{
    private const string ByExperiment = "Experiment";
    private const string ById = "Id";

    private readonly SpanTable _table = new();

    /// <summary>The experiment; only its id is taken from it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByExperiment)]
    [ValidateNotNull]
    public Experiment? Experiment { get; set; }

    /// <summary>The experiment's id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    [Alias("Id", "experiment_id")]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public string ExperimentId { get; set; } = string.Empty;

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
                "-AsRow and -IncludeSuperseded were both given, and a row has one value of each label.",
                null,
                "Leave one of them out; without -AsRow each span has all of its metrics in EvalMetrics."));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string id = Experiment?.Id ?? ExperimentId;
        try
        {
            if (!Summary)
            {
                WriteList(Client.ListSpans(id, IncludeSuperseded), (object?)Experiment ?? id);
            }
            else if (TrySend(Client.ListSummaryMetrics(id), (object?)Experiment ?? id, out IReadOnlyList<ExperimentMetric>? metrics))
            {
                WriteSummary(id, metrics);
            }
        }
        catch (ArgumentException e)
        {
            string message = Failures.Reason(e);
            WriteError(Failures.InvalidValue(e, message, id, "Give the id as New-LlmObsExperiment returned it."));
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
