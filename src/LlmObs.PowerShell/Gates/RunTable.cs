using System.Management.Automation;

namespace LlmObs.PowerShell.Gates;

/// <summary>Runs as a table that thresholds are held against: a row for each label, from the run's own counts.</summary>
internal static class RunTable
{
    private const string Mean = "mean";
    private const string Rate = "rate";

    public static SummaryTable Of(IReadOnlyList<ExperimentRun> runs)
    {
        (ExperimentRun Run, MetricSummary Metric)[] all = [.. runs.SelectMany(run => run.Metrics.Concat(Summaries(run)).Select(metric => (run, metric)))];
        bool hasRates = Array.Exists(all, one => one.Metric.Rate is not null);
        bool hasMeans = !hasRates || Array.Exists(all, one => one.Metric.Mean is not null);
        bool hasVerdicts = Array.Exists(all, one => Assessed(one.Metric) > 0);
        string[] state = [.. runs.Select(run => FormattableString.Invariant(
            $"{(runs.Count > 1 ? $"{run.Experiment.Name ?? run.Experiment.Id}: " : string.Empty)}{run.RowCount:N0} rows, {run.FailedCount:N0} failed; {run.Status}."))];
        return new SummaryTable([.. all.Select(one => ToRow(one.Run, one.Metric))], string.Join(' ', state));

        AggregateBucket ToRow(ExperimentRun run, MetricSummary metric)
        {
            var by = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            var metrics = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
            var counts = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { [GroupCounts.ValueCount] = metric.Count };
            static void Add(OrderedDictionary<string, object?> to, bool isWanted, string name, object? value)
            {
                if (isWanted)
                {
                    to.Add(name, value);
                }
            }

            Add(by, runs.Count > 1, "experiment", run.Experiment.Name ?? run.Experiment.Id);
            by.Add("label", metric.Label);
            Add(metrics, hasMeans, Mean, metric.Mean);
            Add(metrics, hasRates, Rate, metric.Rate);
            Add(counts, hasVerdicts, GroupCounts.PassRate, Assessed(metric) > 0 ? (double)metric.PassedCount / Assessed(metric) : null);
            counts.Add(GroupCounts.MissingCount, metric.MissingCount);
            counts.Add(GroupCounts.ErrorCount, metric.ErrorCount);
            return new AggregateBucket { By = by, Metrics = metrics, Counts = counts };
        }
    }

    /// <summary>
    /// What went wrong in runs, a sentence each: a mean of the rows that are left must not look like a success. A threshold of the
    /// user's own says how many are acceptable.
    /// </summary>
    public static IEnumerable<string> Problems(IReadOnlyList<ExperimentRun> runs, IReadOnlyList<Check> checks)
    {
        bool Limits(string count) => checks.Any(check => check.Metric is GroupCounts.ValueCount || check.Metric == count);
        foreach (ExperimentRun run in runs)
        {
            string limited = run.Metrics.Count > 0 ? run.Metrics[0].Label : "label";
            if (run.FailedCount > 0 && !Limits(GroupCounts.MissingCount))
            {
                yield return FormattableString.Invariant(
                    $"The task failed for {run.FailedCount} of {run.RowCount} rows; accept that many with @{{ {limited} = @{{ missing = '<= {run.FailedCount}' }} }}");
            }

            if (run.ErrorCount > 0 && !Limits(GroupCounts.ErrorCount))
            {
                yield return FormattableString.Invariant(
                    $"{run.ErrorCount} evaluations failed; accept that many with @{{ errors = '<= {run.ErrorCount}' }}");
            }
        }
    }

    // What summary evaluators found is a metric to the service as well: of several iterations, the mean.
    private static IEnumerable<MetricSummary> Summaries(ExperimentRun run) => run.SummaryEvaluations.GroupBy(one => one.Label, StringComparer.Ordinal).Select(same =>
    {
        double[] scores = [.. same.Where(one => one.MetricType == MetricType.Score && one.Value is not null).Select(one => LanguagePrimitives.ConvertTo<double>(one.Value))];
        bool[] flags = [.. same.Select(one => one.Value).OfType<bool>()];
        return new MetricSummary
        {
            Label = same.Key,
            Mean = scores.Length > 0 ? scores.Average() : null,
            Rate = flags.Length > 0 ? flags.Average(flag => flag ? 1.0 : 0.0) : null,
            Count = same.Count(one => one.Error is null && one.Value is not null),
            PassedCount = same.Count(one => one.Assessment == MetricAssessment.Pass),
            FailedCount = same.Count(one => one.Assessment == MetricAssessment.Fail),
            ErrorCount = same.Count(one => one.Error is not null),
            MissingCount = same.Count(one => one.Error is null && one.Value is null),
        };
    });

    private static int Assessed(MetricSummary metric) => metric.PassedCount + metric.FailedCount;
}
