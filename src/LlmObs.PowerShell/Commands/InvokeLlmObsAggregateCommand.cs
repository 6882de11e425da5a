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
    private const int MostCounted = 20; // groups whose events are counted without being asked for
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly List<SendResult> _piped = [];
    private bool _refusesBooleans;

    /// <summary>The metrics to compute; a plain name such as score_value is averaged. By default scores and booleans are.</summary>
    [Parameter(Position = 0, ParameterSetName = ByMetric, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AggregateFieldCompleter))]
    public string[] Metric { get; set; } = [DefaultMetrics.Score.Metric, DefaultMetrics.Boolean.Metric];

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

    /// <summary>The fields to group by, for example label. One bucket over everything if it is not given.</summary>
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

    /// <summary>Only events of these experiments: objects, ids or names.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Alias("ExperimentId", "experiment_id", "Id")]
    [ValidateNotNullOrEmpty]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference[] Experiment { get; set; } = [];

    /// <summary>Only metrics of these evaluators.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public string[] Label { get; set; } = [];

    /// <summary>Only events from this time on. A time without a zone is local, as Get-Date's is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [FromText]
    public DateTimeOffset? From { get; set; }

    /// <summary>Only events up to this time; now, if only -From is given.</summary>
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
    /// What Send-LlmObsEvent returned: its experiments are meant, their metrics are waited for, and missing values are known.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    [SendResult]
    public SendResult[] SendResult { get; set; } = [];

    /// <summary>What Invoke-LlmObsExperiment returned: its experiment is meant, and missing values and failed evaluations are known.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public ExperimentRun[] Run { get; set; } = [];

    /// <summary>
    /// Counts the values of each group, with one request a group or three. Without it up to 20 groups are counted; with
    /// -IncludeCount:$false none.
    /// </summary>
    [Parameter]
    public SwitchParameter IncludeCount { get; set; }

    /// <summary>
    /// Waits until the query matches so many events. The service shows events some seconds after they were sent; an average
    /// of some of them may differ much from that of all. Too few in the end are an error without buckets.
    /// </summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MinimumHitCount { get; set; }

    /// <summary>The longest time to wait for them, in seconds.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int WaitSec { get; set; } = 120;

    private bool IsGivenMetric => Compute is not null || MyInvocation.BoundParameters.ContainsKey(nameof(Metric));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string warning in SearchField.WarningsOf(GroupBy.Concat(ToCompute().Select(one => one.Metric))))
        {
            WriteWarning(warning);
        }

        if (SendResult.Length > 0 && MyInvocation.ExpectingInput)
        {
            _piped.AddRange(SendResult); // several may be of one experiment
            SendResult = [];
            return;
        }

        // An average of only some of the experiments would be wrong.
        string[] named = [.. Experiment.Select(one => Names.ExperimentId(one)).OfType<string>()];
        if (named.Length < Experiment.Length)
        {
            return;
        }

        string[] experiments = named.Length > 0 ? named : [.. SendResult.Select(sent => sent.ExperimentId).Concat(Run.Select(run => run.Experiment.Id)).Distinct()];
        Aggregate(
            experiments,
            [.. SendResult.Where(sent => experiments.Contains(sent.ExperimentId))],
            [.. Run.Where(run => experiments.Contains(run.Experiment.Id))]);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, SendResult> sent in _piped.GroupBy(sent => sent.ExperimentId))
        {
            Aggregate([sent.Key], [.. sent], []);
        }
    }

    private void Aggregate(string[] experiments, IReadOnlyList<SendResult> sent, IReadOnlyList<ExperimentRun> runs)
    {
        foreach (SendResult partial in sent.Where(one => one.FailedCount > 0))
        {
            WriteWarning(Warnings.NotAllSent(partial));
        }

        AggregateQuery query = ToQuery(experiments);
        object target = experiments.Length > 0 ? experiments : Query;
        bool isGiven = MyInvocation.BoundParameters.ContainsKey(nameof(MinimumHitCount));
        long minimum = isGiven ? MinimumHitCount : sent.Sum(one => one.MetricCount);
        AggregateQuery whole = isGiven || sent.Count == 0 ? query : WholeOf(experiments, query);
        if (TryAverage(whole, minimum, target, out AggregateResult? result)
            && (IsSame(whole, query) || TryAverage(query, 0, target, out result)))
        {
            result = MissingCounts.Add(WithCounts(query, result!, target), query, Label, sent, runs);
            WriteObject(BucketObject.From(result.Buckets, ScoreBar.IsWanted(Host.UI.SupportsVirtualTerminal, GetVariableValue("PSStyle"))), enumerateCollection: true);
        }
    }

    // The metrics that were sent include all labels, whatever the query asks for.
    private static AggregateQuery WholeOf(string[] experiments, AggregateQuery query)
    {
        AggregateQuery whole = query with { Query = SearchQuery.Combine(string.Empty, new KeyValuePair<string, IReadOnlyList<string>>("experiment_id", experiments)), DatasetVersion = default, From = null, To = null };
        return IsSame(whole, query) ? query : whole with { GroupBy = [], Limit = default };
    }

    private static bool IsSame(AggregateQuery one, AggregateQuery other) =>
        one.Query == other.Query && one.DatasetVersion.Equals(other.DatasetVersion) && one.From == other.From && one.To == other.To && one.GroupBy.Count == other.GroupBy.Count;

    /// <summary>Asks until enough events match.</summary>
    private bool TryAverage(AggregateQuery query, long minimum, object target, out AggregateResult? result)
    {
        var waited = Stopwatch.StartNew();
        while (TryAsk(query, target, out result) && result!.HitCount < minimum)
        {
            TimeSpan left = TimeSpan.FromSeconds(WaitSec) - waited.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                WriteError(Failures.TooFewEvents(result.HitCount, minimum, WaitSec, target));
                return false;
            }

            WriteVerbose($"The query matches {result.HitCount} of {minimum} events; asking again.");
            Bridge.Await(token => Task.Delay(left < Pause ? left : Pause, token));
        }

        return result is not null;
    }

    private bool TryAsk(AggregateQuery query, object target, out AggregateResult? result)
    {
        if (IsGivenMetric || _refusesBooleans)
        {
            return TrySend(Client.Aggregate(IsGivenMetric ? query : query with { Compute = [DefaultMetrics.Score] }), target, out result);
        }

        RequireKeys();
        try
        {
            result = DefaultMetrics.WithoutEmpty(Bridge.Await(token => Client.Aggregate(query).SendAsync(new VerboseObserver(Bridge), token)));
            return true;
        }
        catch (LlmObsException e) when (e.StatusCode == 400)
        {
            // The documentation does not mention averages of booleans: a service that refuses them must not prevent those of scores.
            if (!TrySend(Client.Aggregate(query with { Compute = [DefaultMetrics.Score] }), target, out result))
            {
                return false;
            }

            _refusesBooleans = true;
            WriteWarning(Warnings.OnlyScores(DefaultMetrics.Boolean.Metric, e));
            return true;
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, target));
            result = null;
            return false;
        }
    }

    private AggregateResult WithCounts(AggregateQuery query, AggregateResult result, object target)
    {
        bool isAsked = MyInvocation.BoundParameters.ContainsKey(nameof(IncludeCount));
        if (isAsked && !IncludeCount)
        {
            return result;
        }

        if (!isAsked && result.Buckets.Count > MostCounted)
        {
            WriteVerbose($"There are {result.Buckets.Count} groups; their events are counted only with -IncludeCount, with a request per group.");
            return result;
        }

        try
        {
            var counter = new GroupCounter(Client, name => SearchField.All.Any(field => field.Name == name));
            if (query.GroupBy.Count == 0 && !isAsked)
            {
                // All of it is the only group.
                return result.Buckets is [AggregateBucket only]
                    && Bridge.Await(token => counter.CountValuesAsync(query, new VerboseObserver(Bridge), token)) is > 0 and long values
                    ? result with { Buckets = [only.Counted(GroupCounts.ValueCount, values)] }
                    : result;
            }

            return Bridge.Await(token => counter.CountAsync(query, result, new VerboseObserver(Bridge), token));
        }
        catch (LlmObsException e)
        {
            WriteError(Failures.ToRecord(e, target));
            return result;
        }
    }

    private AggregateQuery ToQuery(string[] experiments)
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
            Query = SearchQuery.Combine(Query, new("experiment_id", experiments), new("label", Label)),
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

        return Entries.Of(Compute).Select(entry => new AggregateCompute(
            LanguagePrimitives.ConvertTo<string>(entry.Value),
            LanguagePrimitives.ConvertTo<string>(entry.Key)));
    }

    private (DateTimeOffset? From, DateTimeOffset? To) ToRange()
    {
        if (From is not null && Last is not null)
        {
            const string Message = "-From and -Last both set the start of the time range.";
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
