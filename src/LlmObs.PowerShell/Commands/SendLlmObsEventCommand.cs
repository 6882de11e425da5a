using System.Management.Automation;
using LlmObs.Client;
using LlmObs.PowerShell.Binding;
using LlmObs.PowerShell.Pipeline;

namespace LlmObs.PowerShell.Commands;

/// <summary>Sends spans and metrics to experiments, from the pipeline or from files.</summary>
[Cmdlet(VerbsCommunications.Send, "LlmObsEvent", SupportsShouldProcess = true, DefaultParameterSetName = IdInput)]
[OutputType(typeof(SendResult))]
public sealed class SendLlmObsEventCommand : ApiCmdlet
{
    private const string IdInput = "IdInput";
    private const string IdPath = "IdPath";
    private const string IdLiteralPath = "IdLiteralPath";
    private const string ExperimentInput = "ExperimentInput";
    private const string ExperimentPath = "ExperimentPath";
    private const string ExperimentLiteralPath = "ExperimentLiteralPath";

    private EventUpload? upload;
    private PipelineEvents? events;

    /// <summary>The id of the experiment.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdInput, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdPath)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdLiteralPath)]
    [ValidateNotNullOrEmpty]
    [Alias("experiment_id")]
    public string ExperimentId { get; set; } = string.Empty;

    /// <summary>The experiment; its project and dataset are those of its spans.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ExperimentInput)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ExperimentPath, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ExperimentLiteralPath, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Experiment? Experiment { get; set; }

    /// <summary>Spans and metrics: typed, as objects, rows of Import-Csv, hashtables, JSON text, whole payloads, or files of Get-ChildItem.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdInput, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = ExperimentInput, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Files to read: .csv, .tsv, .json, .jsonl or .ndjson, also with .gz. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = IdPath)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ExperimentPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, their names taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdLiteralPath)]
    [Parameter(Mandatory = true, ParameterSetName = ExperimentLiteralPath)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The project of spans that name none.</summary>
    [Parameter]
    [Alias("project_id")]
    public string? ProjectId { get; set; }

    /// <summary>The dataset of spans that name none.</summary>
    [Parameter]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; }

    /// <summary>Tags for every event, each as key:value, beside its own.</summary>
    [Parameter]
    public string[] Tag { get; set; } = [];

    /// <summary>What the rows are, where their fields do not say.</summary>
    [Parameter]
    public EventKind? As { get; set; }

    /// <summary>Columns whose text is JSON. All other text is sent as text.</summary>
    [Parameter]
    public string[] JsonColumn { get; set; } = [];

    /// <summary>What separates the cells of a CSV file.</summary>
    [Parameter]
    public char Delimiter { get; set; } = ',';

    /// <summary>The most events of a request.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int BatchSize { get; set; } = new SendOptions().BatchSize;

    /// <summary>The most bytes of a request's body; a single event over it is sent alone.</summary>
    [Parameter]
    [ValidateRange(1, 64 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = new SendOptions().MaxBatchBytes;

    /// <summary>The most requests under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = new SendOptions().ThrottleLimit;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (!IsWhatIf)
        {
            RequireKeys();
        }

        var options = new SendOptions { BatchSize = BatchSize, MaxBatchBytes = MaxBatchBytes, ThrottleLimit = ThrottleLimit };
        upload = new EventUpload(this, Bridge, Client, options, Confirm);
        events = new PipelineEvents(upload, JsonColumn.ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!upload!.TryTarget(Experiment?.Id ?? ExperimentId, new EventDefaults
        {
            ProjectId = ProjectId ?? Experiment?.ProjectId,
            DatasetId = DatasetId ?? Experiment?.DatasetId,
            Tags = Tag,
            Kind = As,
        }))
        {
            return;
        }

        if (InputObject is null)
        {
            var files = new InputFiles(this);
            ReadFiles(LiteralPath.Length > 0 ? files.Literal(LiteralPath) : files.Resolve(Path));
        }
        else if (InputObject.BaseObject is FileInfo file)
        {
            ReadFiles([file.FullName]);
        }
        else
        {
            upload.Source = InputObject;
            events!.Read(InputObject);
        }

        Bridge.Drain();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (SendResult result in upload!.Complete())
        {
            WriteObject(result);
        }
    }

    private protected override void OnDispose()
    {
        if (upload is not null)
        {
            Bridge.Abandon(upload);
        }
    }

    private bool Confirm(ReadyBatch batch)
    {
        const int MostShown = 4000; // bytes; a request has up to MaxBatchBytes
        return ShouldSend(() => $"POST {Client.EventsAddress(batch.ExperimentId)} {batch.Preview(MostShown)}", "Send events");
    }

    private void ReadFiles(IEnumerable<string> files)
    {
        var options = new EventFileOptions { Delimiter = Delimiter, JsonColumns = JsonColumn.ToHashSet(StringComparer.OrdinalIgnoreCase) };
        foreach (string file in files)
        {
            try
            {
                upload!.Source = null;
                EventFile.Read(file, options, upload);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or EventRowException or InvalidDataException)
            {
                WriteError(Failures.UnreadableFile(file, e));
            }
        }
    }
}
