using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Searches for experiments by a query.</summary>
[Cmdlet(VerbsCommon.Find, "LlmObsExperiment", SupportsPaging = true, DefaultParameterSetName = "Search")]
[OutputType(typeof(Experiment))]
public sealed class FindLlmObsExperimentCommand : PagedCmdlet
{
    private const string Sorted = "Sorted";

    /// <summary>Words, or a query in Datadog's search syntax, for example 'faq @status:failed'. Everything, if it is not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string Query { get; set; } = string.Empty;

    /// <summary>The field to sort by, for example created_at or name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Sorted)]
    [ValidateNotNullOrEmpty]
    public string? Sort { get; set; }

    /// <summary>Sorts the largest or latest first; needs -Sort.</summary>
    [Parameter(ParameterSetName = Sorted)]
    public SwitchParameter Descending { get; set; }

    /// <summary>Deleted experiments only.</summary>
    [Parameter]
    public SwitchParameter Deleted { get; set; }

    /// <summary>Deleted experiments, too.</summary>
    [Parameter]
    public SwitchParameter IncludeDeleted { get; set; }

    /// <summary>Includes the creator of each.</summary>
    [Parameter]
    public SwitchParameter IncludeUser { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var search = new ExperimentSearch
        {
            Query = Query.Trim(),
            SortField = Sort,
            Descending = Descending,
            Deleted = Deleted,
            IncludeDeleted = IncludeDeleted,
            IncludeUser = IncludeUser,
        };

        // Only the simple search can sort and count; the other one reads long lists with less work for the service.
        bool isSimple = Sort is not null || PagingParameters.IncludeTotalCount;
        WriteList(isSimple ? Client.SimpleSearchExperiments(search) : Client.SearchExperiments(search), Query);
    }
}
