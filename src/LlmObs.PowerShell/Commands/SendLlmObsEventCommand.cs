using System.Management.Automation;
using System.Text;

namespace LlmObs.PowerShell.Commands;

/// <summary>Sends spans and metrics to experiments, from the pipeline or from files.</summary>
[Cmdlet(VerbsCommunications.Send, "LlmObsEvent", SupportsShouldProcess = true, DefaultParameterSetName = FromPipeline)]
[OutputType(typeof(SendResult))]
public sealed class SendLlmObsEventCommand : TableCmdlet
{
    private const string FromPipeline = "InputObject";
    private const string FromPath = "Path";
    private const string FromLiteralPath = "LiteralPath";

    private EventUploadHost? _upload;
    private PipelineEvents? _events;
    private TableSink? _table;
    private IEventRowSink? _rows;
    private EventSpool? _spool;
    private SendGate? _gate;
    private readonly Dictionary<string, long> _unknown = new(StringComparer.Ordinal); // names of rows' experiments that are not there, and further rows with them
    private ExperimentReference? _target;
    private bool _readsPipeline; // rows of it came last, not files

    /// <summary>The experiment: an object, an id or a name. Its spans get its project and dataset.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPipeline, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPath, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromLiteralPath, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Alias("ExperimentId", "experiment_id")]
    [Experiment]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public ExperimentReference Experiment { get; set; } = null!;

    /// <summary>Spans and metrics: typed, as objects, rows of Import-Csv, hashtables, JSON text, whole payloads, or files of Get-ChildItem.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPipeline, ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Files to read: .csv, .tsv, .json, .jsonl or .ndjson, also with .gz. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FromPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, their names taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromLiteralPath)]
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

    /// <summary>Tags for every event, each as key:value, in addition to its own.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <summary>The kind of the rows, if their fields do not show it.</summary>
    [Parameter]
    public EventKind? As { get; set; }

    /// <summary>The separator between the cells of a CSV file.</summary>
    [Parameter]
    public char Delimiter { get; set; } = ',';

    /// <summary>The encoding of files without a byte order mark: windows-1252, ansi, unicode, or another name or code page that .NET knows.</summary>
    [Parameter]
    [EncodingName]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = Encoding.UTF8;

    /// <summary>The path to the rows of a JSON document or of a piped object: results.results, testCases, [0].rows, * for every member.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RowPath { get; set; }

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

    /// <summary>
    /// A folder that keeps each request until it is answered. After a failure, Ctrl+C or the end of the process,
    /// Resume-LlmObsEvent sends the rest, and continues files where reading stopped.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SpoolPath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (!IsWhatIf)
        {
            RequireKeys();
        }

        var options = new SendOptions { BatchSize = BatchSize, MaxBatchBytes = MaxBatchBytes, ThrottleLimit = ThrottleLimit };
        TableMapping? mapping = ToMapping();
        _spool = SpoolPath is null || IsWhatIf ? null : new EventSpool(new SpoolFolder(ToFolder(SpoolPath)), new SpoolManifest
        {
            ExperimentId = string.Empty,
            Address = string.Empty,
            Delimiter = Delimiter,
            Encoding = Encoding.WebName,
            JsonColumns = JsonColumn,
            RowPath = RowPath ?? string.Empty,
            Table = mapping is null ? null : SpoolTable.Of(mapping),
            BatchSize = BatchSize,
            MaxBatchBytes = MaxBatchBytes,
        });
        _gate = IsWatched ? new SendGate(this, Describe) : null;
        _upload = new EventUploadHost(this, Bridge, Client, options, _gate, _spool);
        if (mapping is not null)
        {
            _rows = _table = new TableSink(mapping, () => _upload.ExperimentId, Client.Options, _upload);
            _upload.BeforeTarget = _table.SendHeld;
        }

        _rows ??= new RoundTripSink(_upload, PSObjectJson.Instance);

        // What is asked for each request is asked on the pipeline thread, and a spool is written there, row by row.
        MapperQueue? mapper = _gate is not null || _spool is not null ? null : _upload.MapElsewhere(_rows);
        _events = new PipelineEvents(_rows, JsonColumns, isTable: _table is not null, RowPath ?? string.Empty, mapper);
    }

    private string ToFolder(string path)
    {
        if (!FileSystemPath.TryResolve(SessionState, path, out string? folder, out ErrorRecord? problem))
        {
            ThrowTerminatingError(problem);
        }

        return folder;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            Process();
        }
        catch (SpoolException e)
        {
            ThrowTerminatingError(Failures.SpoolFailed(e));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _upload!.EndMapping();
        if (_readsPipeline && _table?.EndTable() is EventRowException problem)
        {
            _upload.Fail(Failures.UnseenColumn("The piped table", problem, null));
        }

        foreach ((string name, long rows) in _unknown.Where(one => one.Value > 0))
        {
            WriteError(Failures.RowsOfUnknownExperiment(name, rows));
        }

        IReadOnlyList<SendResult> results = Complete();
        foreach (SendResult empty in results.Where(result => !HasWrittenError && result is { EventCount: 0, FailedCount: 0, RequestCount: 0 } && !IsWhatIf && !MyInvocation.BoundParameters.ContainsKey("Confirm")))
        {
            WriteWarning(Warnings.NoRow(empty.ExperimentId));
        }

        _gate?.ShowRest();
        if (_table is { UnusedColumns.Count: > 0 })
        {
            WriteVerbose($"Columns of the table that are not sent: {HostSafeText.OneLine(string.Join(", ", _table.UnusedColumns))}.");
        }

        foreach (SendResult result in results)
        {
            WriteObject(_table is null ? result : result with { Labels = _table.LabelsOf(result.ExperimentId), UnusedColumns = _table.UnusedColumns });
        }
    }

    private protected override void OnDispose()
    {
        if (_upload is not null)
        {
            Bridge.Abandon(_upload);
            if (Bridge.WasStopped)
            {
                SayWhatIsLeft(_upload);
            }
            else if (_upload is { IsComplete: false, HasSent: true } && !IsWhatIf)
            {
                // Something else in the pipeline has ended it.
                WarnOnTheWayOut(Warnings.EndedWithPipeline(_upload.AcceptedCount));
            }
        }
    }

    private void SayWhatIsLeft(EventUploadHost stopped)
    {
        if (stopped.FailedCount > 0)
        {
            // Errors of one cause are written together at the end, which does not come.
            WarnOnTheWayOut(Warnings.StoppedErrors(stopped.FailedCount));
        }

        if (_spool is not null)
        {
            WarnOnTheWayOut(StoppedSpool.WhatIsLeft(_spool));
        }
        else if (stopped.HasSent)
        {
            WarnOnTheWayOut(Warnings.Stopped(stopped.AcceptedCount));
        }
    }

    private void Process()
    {
        if (!TryTarget())
        {
            return;
        }

        if (InputObject is null)
        {
            var files = new InputFiles(this);
            ReadFiles([.. LiteralPath.Length > 0 ? files.Literal(LiteralPath) : files.Resolve(Path)], arePiped: false);
        }
        else if (InputObject.BaseObject is FileInfo file)
        {
            _readsPipeline = false;
            _upload!.EndMapping();
            ReadFiles([file.FullName], arePiped: true);
        }
        else if (InputObject.BaseObject is DirectoryInfo folder)
        {
            WriteError(Failures.IsAFolder(folder.FullName));
        }
        else
        {
            _readsPipeline = true;
            _upload!.Announce(InputObject);
            ReadObject(InputObject);
        }

        Bridge.Drain();
        _upload!.EndIfBegun();
    }

    private bool TryTarget()
    {
        if (ReferenceEquals(Experiment, _target))
        {
            return true;
        }

        if ((Experiment.Id ?? FindId(Experiment)) is not string id)
        {
            return false;
        }

        if (!_upload!.IsAt(id))
        {
            Experiment? known = Experiment.Experiment ?? Names.Known.FindExperiment(id);
            EventDefaults defaults = Defaults(known);
            if (!_upload.TryTarget(id, defaults, known is null ? Names : null))
            {
                return false;
            }
        }

        _target = Experiment;
        return true;
    }

    // The name on the command line is meant for all rows: without its experiment none of them is read.
    private string? FindId(ExperimentReference meant)
    {
        if (_unknown.TryGetValue(meant.Name!, out long rows))
        {
            _unknown[meant.Name!] = rows + 1;
            return null;
        }

        if (Names.TryFindExperiment(meant, anew: true, out Experiment? found, out ErrorRecord? problem))
        {
            return found.Id;
        }

        if (CommandLine.Contains(nameof(Experiment)))
        {
            ThrowTerminatingError(problem);
        }

        _unknown[meant.Name!] = 0;
        WriteError(problem);
        return null;
    }

    private EventDefaults Defaults(Experiment? known) => new()
    {
        ProjectId = ProjectId ?? known?.ProjectId,
        DatasetId = DatasetId ?? known?.DatasetId,
        Tags = Tag,
        Kind = As,
    };

    private IReadOnlyList<SendResult> Complete()
    {
        try
        {
            if (!_upload!.HasTarget)
            {
                // Nothing was piped: that is reported, and counted.
                if (!CommandLine.Contains(nameof(Experiment)) || !TryTarget())
                {
                    if (!HasWrittenError)
                    {
                        WriteWarning(Warnings.NothingPiped);
                    }

                    return [];
                }
            }

            _upload.EndMapping();
            _table?.Complete();
            return _upload.Complete();
        }
        catch (SpoolException e)
        {
            ThrowTerminatingError(Failures.SpoolFailed(e));
            return [];
        }
    }

    private string Describe(ReadyBatch batch)
    {
        const int MostShown = 4000; // bytes; a request has up to MaxBatchBytes
        string request = $"POST {Client.EventsAddress(batch.ExperimentId)} {batch.Preview(MostShown)}";
        return _table?.MappingDescription is string columns ? $"{columns}{Environment.NewLine}{request}" : request;
    }

    private void ReadObject(PSObject input)
    {
        try
        {
            _events!.Read(input);
        }
        catch (EventRowException e)
        {
            string message = $"The piped rows can't be read as a table: {e.Message}.";
            _upload!.Fail(Failures.InvalidValue(e, message, input, "Check the column parameters against the rows' properties."), isLast: true);
        }
    }

    private void ReadFiles(IReadOnlyList<string> files, bool arePiped)
    {
        var options = new EventFileOptions { Delimiter = Delimiter, Encoding = Encoding, JsonColumns = JsonColumns, IsTable = _table is not null, RowPath = RowPath ?? string.Empty };
        var reading = new EventFiles(this, Bridge, _upload!, _rows!, _table, options);
        foreach ((string file, int source) in _upload!.Announce(files, arePiped))
        {
            reading.Read(file, source);
        }
    }
}
