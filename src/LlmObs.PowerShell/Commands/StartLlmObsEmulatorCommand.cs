using System.Globalization;
using System.Management.Automation;
using LlmObs.Emulator.Catalog;
using LlmObs.Emulator.Experiments;
using LlmObs.Emulator.Store;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Reports;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Commands;

/// <summary>Starts a local stand-in for the API inside this process, and points a profile at it.</summary>
[Cmdlet(VerbsLifecycle.Start, "LlmObsEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(EmulatorInfo))]
public sealed class StartLlmObsEmulatorCommand : LlmObsCmdlet
{
    /// <summary>The port on loopback; a free one if it is not given.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>A folder for the journal: the data outlives the emulator. By default data is in memory only.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The profile whose base address is set until the emulator stops.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string ProfileName { get; set; } = SessionProfile.DefaultName;

    /// <summary>The answer to an update: nothing, as from the live service, or the experiment, as documented.</summary>
    [Parameter]
    public EmulatorPatchBody PatchBody { get; set; } = EmulatorPatchBody.Empty;

    /// <summary>The form of dataset records in answers: resources, as from the live service, or flat, as documented.</summary>
    [Parameter]
    public EmulatorRecordForm RecordForm { get; set; } = EmulatorRecordForm.Resource;

    /// <summary>The form of errors: brief, as from the live service, or with status and place, as documented.</summary>
    [Parameter]
    public EmulatorErrorForm ErrorForm { get; set; }

    /// <summary>Words for data.type that requests are refused for, so that a fallback to another word can be tried.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] RefuseType { get; set; } = [];

    /// <summary>The key of computed metrics in aggregates: the name that was asked for, or the metric's, as in the documents' example.</summary>
    [Parameter]
    public EmulatorMetricKey MetricKey { get; set; }

    /// <summary>The answer to a deletion of datasets: the datasets, as from the live service, or nothing, as documented.</summary>
    [Parameter]
    public EmulatorDeleteBody DeleteBody { get; set; } = EmulatorDeleteBody.Resource;

    /// <summary>The mark of the last page of a list: an empty cursor, as from the live service, or another documented one.</summary>
    [Parameter]
    public EmulatorListEnd ListEnd { get; set; }

    /// <summary>The seconds until lists, searches and events show a write; the live service takes a few.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public double ReadLagSec { get; set; }

    /// <summary>The required API key: a SecureString or text. Any or none, if it is not given.</summary>
    [Parameter]
    [AllowNull]
    [Key]
    public object? ApiKey { get; set; }

    /// <summary>The required application key: a SecureString or text. Any or none, if it is not given.</summary>
    [Parameter]
    [AllowNull]
    [Key]
    [Alias("ApplicationKey")]
    public object? AppKey { get; set; }

    /// <summary>The access token that is taken instead of the keys: a SecureString or text.</summary>
    [Parameter]
    [AllowNull]
    [Key]
    public object? AccessToken { get; set; }

    /// <summary>Accepts metrics of any age; the live service refuses those older than 24 hours.</summary>
    [Parameter]
    public SwitchParameter AllowOldMetric { get; set; }

    /// <summary>Accepts experiments with missing projects, datasets, versions and parents; the live service refuses them.</summary>
    [Parameter]
    public SwitchParameter AllowUnknownId { get; set; }

    /// <summary>Faults to play, for example @{ Status = 429; Headers = @{ 'x-ratelimit-reset' = '1' } }.</summary>
    [Parameter]
    [ValidateNotNull]
    public EmulatorFault[] Fault { get; set; } = [];

    /// <summary>Writes the emulator's address and counts.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string? folder = null;
        if (Path is not null && !FileSystemPath.TryResolve(SessionState, Path, out folder, out ErrorRecord? problem))
        {
            ThrowTerminatingError(problem);
        }

        if (!ShouldProcess($"loopback port {(Port == 0 ? "of choice" : Port)}, profile '{ProfileName}'", "Start emulator"))
        {
            return;
        }

        RunningEmulator? started = TryStart(folder, ReadKeys());
        if (started is not null && PassThru)
        {
            WriteObject(started.ToInfo());
        }
    }

    private EmulatorKeys ReadKeys() => new() { ApiKey = ReadKey(ApiKey), AppKey = ReadKey(AppKey), AccessToken = ReadKey(AccessToken) };

    private Secret? ReadKey(object? value)
    {
        if (value is UnusableKey unusable)
        {
            ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(unusable.Reason), unusable.Reason, Port, UnusableKey.Advice));
        }

        return (Secret?)value;
    }

    private RunningEmulator? TryStart(string? folder, EmulatorKeys keys)
    {
        try
        {
            EmulatorServer server = Bridge.Await(_ => Task.FromResult(EmulatorServer.Start(new EmulatorOptions
            {
                Port = Port,
                DataPath = folder,
                PatchBody = PatchBody,
                RecordForm = RecordForm,
                MetricKey = MetricKey,
                ErrorForm = ErrorForm,
                RefusedTypes = RefuseType,
                DeleteBody = DeleteBody,
                ListEnd = ListEnd,
                ReadLag = TimeSpan.FromSeconds(ReadLagSec),
                CheckMetricAge = !AllowOldMetric,
                TakesUnknownIds = AllowUnknownId,
                Keys = keys,
                Faults = Fault,
            }, EmulatorPages.Instance)));
            RunningEmulator? other = RunningEmulators.All.LastOrDefault(one => string.Equals(one.ProfileName, ProfileName, StringComparison.OrdinalIgnoreCase));
            RunningEmulator started = RunningEmulators.Add(server, keys, folder, ProfileName);
            if (other is not null)
            {
                WriteWarning(Warnings.SecondEmulator(ProfileName, other.Server.BaseUri, server.BaseUri, server.Port));
            }

            return started;
        }
        catch (EmulatorException e)
        {
            ThrowTerminatingError(Failures.EmulatorNotStarted(e, Port));
            return null;
        }
    }
}

/// <summary>The pages of an emulator: its data as reports, made for each request from the data of that moment.</summary>
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

    // Two runs of one name are distinguished by their time.
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
