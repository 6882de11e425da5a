using System.Globalization;
using LlmObs.Emulator.Catalog;
using LlmObs.Emulator.Experiments;
using LlmObs.Emulator.Store;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Reports;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Reports;

/// <summary>The pages of an emulator: what it holds, as reports. Made anew for each request, from whatever is stored then.</summary>
internal sealed class EmulatorPages : IPageSource
{
    private const string OverviewAddress = "/";

    public static EmulatorPages Instance { get; } = new();

    public Task<EmulatorPage> OverviewAsync(EmulatorStore store) => OverviewAsync(store, 200, null);

    public Task<EmulatorPage> ExperimentAsync(EmulatorStore store, string experimentId) =>
        Find(store, experimentId) is (StoredExperiment experiment, IResultRows rows)
            ? WriteAsync(RunReport.Of(rows, experiment.Name))
            : OverviewAsync(store, 404, $"There is no experiment with the id '{experimentId}' here. It may have been deleted.");

    public Task<EmulatorPage> ComparisonAsync(EmulatorStore store, IReadOnlyList<string> experimentIds)
    {
        string[] ids = [.. experimentIds.Distinct()];
        if (ids.Length != 2)
        {
            return OverviewAsync(store, 400, string.Create(CultureInfo.InvariantCulture, $"Two experiments can be compared, and {ids.Length} were ticked."));
        }

        (StoredExperiment Experiment, IResultRows Rows)?[] found = [.. ids.Select(id => Find(store, id)).OrderBy(one => one?.Experiment.CreatedAt)];
        if (found is not [(StoredExperiment baseline, IResultRows before), (StoredExperiment candidate, IResultRows after)])
        {
            return OverviewAsync(store, 404, "One of the experiments is not here any more.");
        }

        ComparisonResult result = RunComparison.Compare(
            new ComparedResults(before, baseline.Name, PSObjectJson.Instance.Read), new ComparedResults(after, candidate.Name, PSObjectJson.Instance.Read), new());
        return WriteAsync(RunReport.OfComparison(after, NameOf(candidate), before, NameOf(baseline), result));
    }

    // Two runs of one name are told apart by their time.
    private static string NameOf(StoredExperiment experiment) => experiment.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static Task<EmulatorPage> OverviewAsync(EmulatorStore store, int status, string? message)
    {
        ILookup<string, StoredExperiment> experiments = store.Experiments.Where(one => one.DeletedAt is null).Reverse().ToLookup(one => one.ProjectId);
        Dictionary<string, StoredDataset> datasets = store.Datasets.ToDictionary(dataset => dataset.Id);
        OverviewProject[] projects =
        [
            .. store.Projects.Select(project => new OverviewProject(project.Name, [.. experiments[project.Id].Select(Listed)])),
            .. experiments.Where(group => store.Projects.All(project => project.Id != group.Key)).Select(group => new OverviewProject(group.Key, [.. group.Select(Listed)])),
        ];
        // The project that was worked on last comes first.
        return WriteAsync(status, target => OverviewPage.WriteAsync(
            [.. projects.OrderByDescending(project => project.Experiments is [OverviewExperiment newest, ..] ? newest.CreatedAt : DateTimeOffset.MinValue)], message, target));

        OverviewExperiment Listed(StoredExperiment one)
        {
            (int spans, int metrics) = store.CountEvents(one.Id);
            string? dataset = one.DatasetId is null ? null : datasets.GetValueOrDefault(one.DatasetId)?.Name ?? one.DatasetId;
            return new OverviewExperiment(one.Id, one.Name, one.CreatedAt)
            {
                Description = one.Description,
                Status = one.Status,
                Dataset = dataset is null ? null : string.Create(CultureInfo.InvariantCulture, $"{dataset}, version {one.DatasetVersion}"),
                SpanCount = spans,
                MetricCount = metrics,
            };
        }
    }

    private static (StoredExperiment Experiment, IResultRows Rows)? Find(EmulatorStore store, string id)
    {
        if (store.FindExperiment(id) is not { DeletedAt: null } stored || store.ReadEvents(id) is not byte[] json)
        {
            return null;
        }

        (IReadOnlyList<ExperimentSpan> spans, IReadOnlyList<ExperimentMetric> summary) = ExperimentEvents.Read(json, id, PSObjectJson.Instance);
        Experiment experiment = new()
        {
            Id = id,
            Name = stored.Name,
            LogicalName = stored.LogicalName,
            ProjectId = store.Projects.FirstOrDefault(project => project.Id == stored.ProjectId)?.Name ?? stored.ProjectId,
            DatasetId = stored.DatasetId,
            DatasetName = store.Datasets.FirstOrDefault(dataset => dataset.Id == stored.DatasetId)?.Name,
            DatasetVersion = stored.DatasetVersion,
            Description = stored.Description,
            Config = stored.Config is { } config ? PSObjectJson.Instance.Read(config) : null,
            Metadata = stored.Metadata is { } metadata ? PSObjectJson.Instance.Read(metadata) : null,
            Status = stored.Status,
            ErrorMessage = stored.Error,
            RunCount = stored.RunCount,
            CreatedAt = stored.CreatedAt,
        };
        return (stored, ResultRows.Of(experiment, spans, summary));
    }

    private static Task<EmulatorPage> WriteAsync(RunReport report) => WriteAsync(200, target => HtmlReport.WriteAsync(report, target, OverviewAddress));

    private static async Task<EmulatorPage> WriteAsync(int status, Func<Stream, Task> write)
    {
        using MemoryStream page = new();
        await write(page).ConfigureAwait(false);
        return new EmulatorPage(status, page.ToArray());
    }
}
