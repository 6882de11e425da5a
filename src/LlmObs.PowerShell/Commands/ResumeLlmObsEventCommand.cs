using System.Management.Automation;
using System.Text;

namespace LlmObs.PowerShell.Commands;

/// <summary>Sends the rest of a Send-LlmObsEvent -SpoolPath: requests without an answer, and the unread parts of files.</summary>
[Cmdlet(VerbsLifecycle.Resume, "LlmObsEvent", SupportsShouldProcess = true)]
[OutputType(typeof(SendResult))]
public sealed class ResumeLlmObsEventCommand : ApiCmdlet
{
    private EventUploadHost? _upload;

    /// <summary>The folder that was given to Send-LlmObsEvent.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string SpoolPath { get; set; } = string.Empty;

    /// <summary>The most requests under way at once; with one, as it is by default, they arrive in the order in which they were made.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 1;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!IsWhatIf)
        {
            RequireKeys();
        }

        if (!FileSystemPath.TryResolve(SessionState, SpoolPath, out string? place, out ErrorRecord? problem))
        {
            WriteError(problem);
            return;
        }

        var folder = new SpoolFolder(place);
        if (!Bridge.AwaitAway(() => Directory.Exists(folder.FolderPath)))
        {
            WriteError(Failures.SpoolNotFound(folder.FolderPath));
            return;
        }

        foreach (string name in RunsOf(folder))
        {
            try
            {
                string requests = FormattableString.Invariant($"{Bridge.AwaitAway(() => folder.CountRequests(name))} requests");
                if (ShouldProcess($"run {name} of {folder.FolderPath}: {requests}, and the unread rest of its files", "Send the rest"))
                {
                    Resume(folder, name);
                }
            }
            catch (SpoolException e)
            {
                WriteError(Failures.UnreadableSpool(e));
            }
        }
    }

    private IReadOnlyList<string> RunsOf(SpoolFolder folder)
    {
        try
        {
            return Bridge.AwaitAway(folder.Runs);
        }
        catch (SpoolException e)
        {
            ThrowTerminatingError(Failures.SpoolFailed(e));
            return [];
        }
    }

    private protected override void OnDispose()
    {
        if (_upload is not null)
        {
            Bridge.Abandon(_upload);
        }
    }

    private void Resume(SpoolFolder folder, string name)
    {
        SpoolRun? run = Bridge.AwaitAway(() => folder.TryOpen(name, (file, reason) => Bridge.Post(to => to.WriteWarning(Warnings.KeptAside(file, reason)))));
        if (run is null)
        {
            WriteWarning(Warnings.RunIsHeld(name));
            return;
        }

        bool isHandedOn = false;
        try
        {
            if (Bridge.AwaitAway(() => run.TryGetTarget(out string id, out string at) ? (id, at) : ((string, string)?)null) is (string experimentId, string address))
            {
                if (EventSpool.IsFor(address, Client))
                {
                    isHandedOn = Send(run, experimentId);
                }
                else
                {
                    WriteError(Failures.SpooledForAnother(name, address, EventSpool.AddressOf(Client)));
                }
            }
        }
        finally
        {
            if (!isHandedOn)
            {
                run.Dispose();
            }
        }
    }

    /// <returns>True if the upload has the run, and gives it back when its last request is over.</returns>
    private bool Send(SpoolRun run, string experimentId)
    {
        SpoolManifest how = run.Record ?? new SpoolManifest { ExperimentId = experimentId, Address = string.Empty };
        var options = new SendOptions { BatchSize = how.BatchSize, MaxBatchBytes = how.MaxBatchBytes, ThrottleLimit = ThrottleLimit };
        _upload = new EventUploadHost(this, Bridge, Client, options);
        if (!_upload.TryTarget(experimentId, how.Defaults, Names))
        {
            return false;
        }

        try
        {
            _upload.Resume(run);
            TableSink? table = run.Record is SpoolManifest record ? ReadOn(run, record) : null;
            foreach (SendResult result in _upload.Complete())
            {
                WriteObject(table is null ? result : result with { Labels = table.LabelsOf(result.ExperimentId), UnusedColumns = table.UnusedColumns });
            }
        }
        catch (SpoolException e)
        {
            // Only this run; the next may be on no full disk.
            WriteError(Failures.SpoolFailed(e));
        }

        EventUploadHost done = _upload;
        _upload = null;
        Bridge.Await(_ => done.DisposeAsync().AsTask());
        if (how.FromPipeline || how.SourcesArePiped)
        {
            WriteError(Failures.PipelineCutShort(how));
        }

        return true;
    }

    private static Encoding EncodingOf(SpoolManifest record, SpoolRun run) =>
        EncodingNames.Find(record.Encoding) ?? throw new SpoolException(run.RecordFile, new NotSupportedException($"its files have the encoding '{record.Encoding}', which .NET can't read"));

    /// <summary>Continues files where reading stopped, if they have not changed.</summary>
    private TableSink? ReadOn(SpoolRun run, SpoolManifest record)
    {
        var jsonColumns = record.JsonColumns.ToHashSet(StringComparer.OrdinalIgnoreCase);
        TableSink? table = record.Table is null ? null : new TableSink(record.Table.ToMapping(jsonColumns), () => _upload!.ExperimentId, Client.Options, _upload!);
        var options = new EventFileOptions { Delimiter = record.Delimiter, Encoding = EncodingOf(record, run), JsonColumns = jsonColumns, IsTable = table is not null, RowPath = record.RowPath };
        var reading = new EventFiles(this, Bridge, _upload!, (IEventRowSink?)table ?? new RoundTripSink(_upload!, PSObjectJson.Instance), table, options);
        for (int source = 0; source < record.Sources.Count; source++)
        {
            SpoolSource file = record.Sources[source];
            if (file.IsRead && table is null)
            {
                continue; // a table's rows are read again: ids and types are those of the whole call
            }

            if (file.ChangeReason() is null)
            {
                reading.Read(file.Path, source);
            }
            else if (!file.IsRead)
            {
                WriteError(Failures.SpooledFileChanged(file, run.RecordFile));
            }
        }

        table?.Complete();
        return table;
    }
}
