using System.Collections;
using System.Diagnostics;
using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Computes metrics over the events of experiments, by group.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LlmObsAggregate", DefaultParameterSetName = ByMetric)]
[OutputType(typeof(AggregateBucket))]
public sealed class InvokeLlmObsAggregateCommand : ApiCmdlet
{
    private const string ByMetric = "Metric";
    private const string ByCompute = "Compute";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>The metrics to compute; a plain name such as score_value is averaged.</summary>
    [Parameter(Position = 0, ParameterSetName = ByMetric, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AggregateFieldCompleter))]
    public string[] Metric { get; set; } = ["score_value"];

    /// <summary>The metrics to compute under names of your own: @{ avg_faithfulness = 'score_value' }, or [ordered]@{ ... } to keep their order.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCompute)]
    [ValidateNotNullOrEmpty]
    public IDictionary? Compute { get; set; }

    /// <summary>The indexes to search.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AggregateIndexCompleter))]
    [Alias("indexes")]
    public string[] Index { get; set; } = [AggregateQuery.EvaluationIndex];

    /// <summary>The fields to group by, for example label. One bucket over everything where it is not given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AggregateFieldCompleter))]
    [Alias("group_by")]
    [ValidateNotNull]
    public string[] GroupBy { get; set; } = [];

    /// <summary>A query in Datadog's search syntax, for example '@assessment:fail -@label:toxicity'.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(QueryCompleter))]
    public string Query { get; set; } = string.Empty;

    /// <summary>Only events of these experiments; piped experiments bring it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("experiment_id", "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public string[] ExperimentId { get; set; } = [];

    /// <summary>Only metrics of these evaluators.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public string[] Label { get; set; } = [];

    /// <summary>Only events from this time on. A time without a zone is local, as Get-Date's is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    public DateTimeOffset? From { get; set; }

    /// <summary>Only events up to this time; now, where only -From is given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    public DateTimeOffset? To { get; set; }

    /// <summary>Only events of this time until now, or until -To.</summary>
    [Parameter]
    public TimeSpan? Last { get; set; }

    /// <summary>The most buckets to return.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    public int? Limit { get; set; }

    /// <summary>Only events of experiments on this version of their dataset.</summary>
    [Parameter]
    [Alias("dataset_version")]
    public long? DatasetVersion { get; set; }

    /// <summary>
    /// Waits until the query matches so many events. The service shows events some seconds after they were sent; an average
    /// of some of them may be far from that of all. Too few in the end are an error, and no buckets.
    /// </summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MinimumHitCount { get; set; }

    /// <summary>How long to wait for them, in seconds.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int WaitSec { get; set; } = 120;

    private object Target => ExperimentId.Length > 0 ? ExperimentId : Query;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string warning in SearchField.WarningsOf(GroupBy.Concat(ToCompute().Select(one => one.Metric))))
        {
            WriteWarning(warning);
        }

        var waited = Stopwatch.StartNew();
        AggregateResult? result;
        while (TrySend(Client.Aggregate(ToQuery()), Target, out result) && result.HitCount < MinimumHitCount)
        {
            TimeSpan left = TimeSpan.FromSeconds(WaitSec) - waited.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                WriteError(Failures.TooFewEvents(result.HitCount, MinimumHitCount, WaitSec, Target));
                return;
            }

            WriteVerbose($"The query matches {result.HitCount} of {MinimumHitCount} events; asking again.");
            Bridge.Await(token => Task.Delay(left < Pause ? left : Pause, token));
        }

        if (result is not null)
        {
            WriteObject(BucketObject.From(result.Buckets, ScoreBar.IsWanted(this)), enumerateCollection: true);
        }
    }

    private AggregateQuery ToQuery()
    {
        if (Limit < 1)
        {
            string message = $"-Limit {Limit} would return no bucket.";
            ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(message), message, Limit, "Give 1 or more, or leave it out."));
        }

        (DateTimeOffset? from, DateTimeOffset? to) = ToRange();
        return new AggregateQuery
        {
            Compute = [.. ToCompute()],
            Indexes = Index,
            GroupBy = GroupBy,
            Query = SearchQuery.Combine(Query, new("experiment_id", ExperimentId), new("label", Label)),
            From = from,
            To = to,
            Limit = Limit is null ? default(Optional<int?>) : Limit,
            DatasetVersion = DatasetVersion is null ? default(Optional<long?>) : DatasetVersion,
        };
    }

    private IEnumerable<AggregateCompute> ToCompute()
    {
        if (Compute is null)
        {
            return Metric.Select(metric => new AggregateCompute(metric));
        }

        return Compute.Cast<DictionaryEntry>().Select(entry => new AggregateCompute(
            LanguagePrimitives.ConvertTo<string>(entry.Value),
            LanguagePrimitives.ConvertTo<string>(entry.Key)));
    }

    private (DateTimeOffset? From, DateTimeOffset? To) ToRange()
    {
        if (From is not null && Last is not null)
        {
            const string Message = "-From and -Last both say where the time range begins.";
            ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(Message), Message, Last, "Give one of them."));
        }

        if (From is null && To is null && Last is null)
        {
            return (null, null);
        }

        DateTimeOffset end = To ?? TimeProvider.System.GetUtcNow();
        return (From ?? (Last is TimeSpan last ? end - last : DateTimeOffset.UnixEpoch), end);
    }
}
