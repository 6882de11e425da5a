using System.Management.Automation;

namespace LlmObs.PowerShell.Running;

/// <summary>The input piped to a run: a dataset, records of one, or rows that become records of one.</summary>
internal sealed class PipedInput(TaskCmdlet cmdlet, RecordMapping mapping, IReadOnlySet<string> jsonColumns, HostObjectJson values) : IRecordSink
{
    private readonly List<PipedRecord> _records = [];
    private readonly HashSet<string> _ignored = new(StringComparer.OrdinalIgnoreCase);
    private readonly RepeatedProblems _repeats = new();
    private PipelineEvents? _rows;
    private PSObject? _source;

    /// <summary>The dataset that was piped; null if none was.</summary>
    public DatasetReference? Dataset { get; private set; }

    /// <summary>Records and rows, in their order.</summary>
    public IReadOnlyList<PipedRecord> Records => _records;

    /// <summary>True if anything but a dataset was piped, including rows that can't be records.</summary>
    public bool HasRecords { get; private set; }

    /// <summary>Takes a piped object.</summary>
    public void Take(PSObject input)
    {
        switch (input.BaseObject)
        {
            case DatasetReference dataset:
                if (Dataset is not null)
                {
                    cmdlet.Refuse("Two datasets were piped, but an experiment runs on one.", "Pipe one of them, or run twice.");
                }

                Dataset = dataset;
                break;
            case FileSystemInfo file:
                cmdlet.Refuse($"The file '{file.FullName}' was piped, but a run takes rows.", "Pipe its rows: Import-Csv FILE | Invoke-LlmObsExperiment …");
                break;
            case DatasetRecord record:
                HasRecords = true;
                if (mapping.IsGiven)
                {
                    cmdlet.Refuse("A record of a dataset was piped, but the column parameters are for rows.", "Leave them out: a record already has its input.");
                }

                _records.Add(new PipedRecord(record, null, new RowPlace(null, _records.Count + 1)));
                break;
            default:
                HasRecords = true;
                ReadRow(input);
                break;
        }

        if (HasRecords && Dataset is not null)
        {
            cmdlet.Refuse("A dataset and something else were piped.", "Pipe rows or records, and name the dataset with -Dataset.");
        }
    }

    /// <summary>Reports problems that were not reported for each row.</summary>
    public void Complete()
    {
        foreach ((RowPlace last, long count, EventRowException problem) in _repeats.TakeRest())
        {
            cmdlet.WriteError(Failures.RepeatedEvents(last, count, problem));
        }
    }

    void IRecordSink.Take(RecordText record, RowPlace place) => _records.Add(new PipedRecord(null, record, place));

    void IRecordSink.Reject(RowPlace place, EventRowException problem, string? text)
    {
        if (_repeats.IsNew(place, problem))
        {
            cmdlet.WriteError(Failures.InvalidRecord(place, problem, (object?)_source ?? text));
        }
    }

    void IRecordSink.Ignore(string? source, IReadOnlyList<string> names)
    {
        string[] unsaid = [.. names.Where(_ignored.Add)];
        if (unsaid.Length > 0)
        {
            cmdlet.WriteWarning(Warnings.NoFieldsOfRecord(null, unsaid));
        }
    }

    void IRecordSink.Warn(string warning) => cmdlet.WriteWarning(warning);

    private void ReadRow(PSObject input)
    {
        _source = input;
        _rows ??= new PipelineEvents(new RecordRows(mapping, jsonColumns, [], values, this), jsonColumns, isTable: true);
        try
        {
            _rows.Read(input);
        }
        catch (EventRowException e)
        {
            cmdlet.Refuse($"The piped rows can't be read as records: {e.Message}.", "Give the rows an 'input', or name their columns with -InputColumn.");
        }
    }
}

/// <summary>A record of a dataset, or a row that is to become one.</summary>
/// <param name="Record">The record; null for a row.</param>
/// <param name="Row">The row; null for a record.</param>
/// <param name="Place">Its place in the pipeline.</param>
internal sealed record PipedRecord(DatasetRecord? Record, RecordText? Row, RowPlace Place);
