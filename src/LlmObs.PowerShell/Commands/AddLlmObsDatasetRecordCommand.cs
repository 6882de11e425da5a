using System.Management.Automation;
using System.Text;

namespace LlmObs.PowerShell.Commands;

/// <summary>Adds records to a dataset, from the pipeline or from files.</summary>
[Cmdlet(VerbsCommon.Add, "LlmObsDatasetRecord", SupportsShouldProcess = true, DefaultParameterSetName = ByInput)]
[OutputType(typeof(RecordResult))]
public sealed class AddLlmObsDatasetRecordCommand : ApiCmdlet
{
    private const string ByInput = "Input";
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    private RecordIntakeHost? _intake;
    private RecordRows? _rows;
    private PipelineEvents? _piped;
    private bool _isUnknown;
    private bool _readsPipeline; // rows of it came last, not files
    private RecordResult? _emptyResult;

    /// <summary>The dataset: its name or its id with -Project, or what Get-LlmObsDataset returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByInput)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByPath)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByLiteralPath)]
    [ValidateNotNull]
    [Alias("DatasetId", "dataset_id")]
    [ArgumentCompleter(typeof(DatasetNameCompleter))]
    public DatasetReference? Dataset { get; set; }

    /// <summary>The dataset's project, if the dataset does not name it: a name, an id, or an object from Get-LlmObsProject.</summary>
    [Parameter(ParameterSetName = ByInput)]
    [Parameter(Position = 2, ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByLiteralPath)]
    [ValidateNotNull]
    [Alias("ProjectId", "project_id")]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public ProjectReference? Project { get; set; }

    /// <summary>Records: objects, rows of Import-Csv, hashtables, JSON text, records of another dataset, or files of Get-ChildItem.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInput)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Files to read: .csv, .tsv, .json, .jsonl or .ndjson, also with .gz. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, their names taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The columns that become the input; several become an object of them. With this or one of the next three, names mean nothing by themselves.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] InputColumn { get; set; } = [];

    /// <summary>The columns that become the expected output; several become an object of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] ExpectedColumn { get; set; } = [];

    /// <summary>The columns that become members of the metadata.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] MetadataColumn { get; set; } = [];

    /// <summary>The column that holds each record's own id.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string? IdColumn { get; set; }

    /// <summary>Columns whose text is JSON. All other text is sent as text.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ColumnCompleter))]
    public string[] JsonColumn { get; set; } = [];

    /// <summary>Tags for every record, in addition to its own.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <summary>Passes over records whose input is in the dataset already.</summary>
    [Parameter]
    public SwitchParameter Deduplicate { get; set; }

    /// <summary>The separator between the cells of a CSV file.</summary>
    [Parameter]
    public char Delimiter { get; set; } = ',';

    /// <summary>The encoding of files without a byte order mark: windows-1252, ansi, unicode, or another name or code page that .NET knows.</summary>
    [Parameter]
    [EncodingName]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = Encoding.UTF8;

    /// <summary>The path to the rows of a JSON document or of a piped object: data.rows, [0].rows, * for every member.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RowPath { get; set; }

    /// <summary>The most records of a request.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int BatchSize { get; set; } = 1000;

    /// <summary>The most bytes of a request's records; a single record over it is sent alone.</summary>
    [Parameter]
    [ValidateRange(1, 64 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>From how many bytes of records on they are uploaded as one CSV file; 5 MB if it is not given.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long UploadThreshold { get; set; } = 5 * 1024 * 1024;

    private IReadOnlySet<string> JsonColumns => JsonColumn.ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != ByInput)
        {
            if (TryBegin())
            {
                var files = new InputFiles(this);
                ReadFiles(LiteralPath.Length > 0 ? files.Literal(LiteralPath) : files.Resolve(Path));
                End();
            }
        }
        else if (_intake is not null || (!_isUnknown && TryBegin()))
        {
            ReadObject(InputObject!);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == ByInput && _intake is null && !_isUnknown)
        {
            TryBegin(); // nothing was piped: that is counted, too
        }

        if (_readsPipeline && _rows?.End() is EventRowException problem)
        {
            WriteError(Failures.UnseenColumn("The piped table", problem, null));
        }

        End();
    }

    private protected override void OnDispose() => _intake?.Dispose();

    private bool TryBegin()
    {
        if (Names.Dataset(Dataset!, Project, anew: true) is not (string project, string dataset))
        {
            _isUnknown = true; // the same for every piped row: said once
            return false;
        }

        if (!IsWhatIf)
        {
            RequireKeys();
        }

        var settings = new RecordIntakeSettings(project, dataset)
        {
            Deduplicate = Deduplicate,
            BatchSize = BatchSize,
            MaxBatchBytes = MaxBatchBytes,
            UploadThreshold = UploadThreshold,
        };
        _intake = new RecordIntakeHost(this, Bridge, Client, settings);
        var mapping = new RecordMapping
        {
            InputColumns = InputColumn,
            ExpectedColumns = ExpectedColumn,
            MetadataColumns = MetadataColumn,
            IdColumn = IdColumn,
            ReadsExports = !MyInvocation.BoundParameters.ContainsKey(nameof(JsonColumn)),
        };
        _rows = new RecordRows(mapping, JsonColumns, Tag, Client.Options.FreeForm, _intake);
        _piped = new PipelineEvents(_rows, JsonColumns, isTable: true, RowPath ?? string.Empty);
        _emptyResult = new RecordResult { ProjectId = project, DatasetId = dataset };
        return true;
    }

    private void End()
    {
        if (_intake is not null)
        {
            if (_intake.Complete() is RecordResult result)
            {
                WriteObject(result);
            }
            else if (!IsWhatIf && !MyInvocation.BoundParameters.ContainsKey("Confirm"))
            {
                if (!HasWrittenError)
                {
                    WriteWarning(Warnings.NoRecord);
                }

                WriteObject(_emptyResult);
            }

            _intake.Dispose();
            _intake = null;
        }
    }

    private void ReadObject(PSObject input)
    {
        if (input.BaseObject is FileInfo file)
        {
            ReadFiles([file.FullName]);
            return;
        }

        if (input.BaseObject is DirectoryInfo folder)
        {
            WriteError(Failures.IsAFolder(folder.FullName));
            return;
        }

        if (!_readsPipeline)
        {
            _readsPipeline = true;
            _rows!.Begin();
        }

        _intake!.Source = input;
        try
        {
            _piped!.Read(input.BaseObject is DatasetRecord record ? PSObject.AsPSObject(CopyOf(record)) : input);
        }
        catch (EventRowException e)
        {
            string message = $"The piped rows can't be read as records: {e.Message}.";
            ThrowTerminatingError(Failures.InvalidValue(e, message, input, "Give the rows an 'input', or name their columns with -InputColumn."));
        }
    }

    // A record of another dataset keeps its content, and gets a new id.
    private static OrderedDictionary<string, object?> CopyOf(DatasetRecord record) => new()
    {
        ["input"] = record.Input,
        ["expected_output"] = record.ExpectedOutput,
        ["metadata"] = record.Metadata,
        ["tags"] = record.Tags.Count == 0 ? null : record.Tags,
    };

    private void ReadFiles(IEnumerable<string> files)
    {
        var options = new EventFileOptions { Delimiter = Delimiter, Encoding = Encoding, JsonColumns = JsonColumns, IsTable = true, RowPath = RowPath ?? string.Empty };
        _intake!.Source = null;
        _readsPipeline = false;
        foreach (string file in files)
        {
            try
            {
                _rows!.Begin();
                _rows.LookAhead(file, options);
                if (!EventFile.Read(file, options, _rows, cancellation: Bridge.Stopping))
                {
                    WriteWarning(Warnings.ChangedWhileRead(file));
                }

                if (_rows.End() is EventRowException problem)
                {
                    WriteError(Failures.UnseenColumn($"The file '{file}'", problem, file));
                }
            }
            catch (OperationCanceledException)
            {
                throw new PipelineStoppedException();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or EventRowException)
            {
                WriteError(Failures.UnreadableFile(file, e));
            }
        }
    }
}
