using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Sends what a Send-LlmObsEvent -SpoolPath has left: requests without an answer, and what was not yet read of files.</summary>
[Cmdlet(VerbsLifecycle.Resume, "LlmObsEvent", SupportsShouldProcess = true)]
[OutputType(typeof(SendResult))]
public sealed class ResumeLlmObsEventCommand : ApiCmdlet
{
    private EventUpload? upload;

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

        if (!FileSystemPath.TryResolve(this, SpoolPath, out string? place, out ErrorRecord? problem))
        {
            WriteError(problem);
            return;
        }

        var folder = new SpoolFolder(place);
        if (!Directory.Exists(folder.FolderPath))
        {
            WriteError(Failures.Record(
                $"There is no folder '{folder.FolderPath}'.", "SpoolNotFound", ErrorCategory.ObjectNotFound, folder.FolderPath, "Give the folder that Send-LlmObsEvent -SpoolPath was given."));
            return;
        }

        try
        {
            foreach (string name in folder.Runs())
            {
                string requests = FormattableString.Invariant($"{folder.CountRequests(name)} requests");
                if (ShouldProcess($"run {name} of {folder.FolderPath}: {requests}, and what was not read of its files", "Send what is left"))
                {
                    Resume(folder, name);
                }
            }
        }
        catch (SpoolException e)
        {
            ThrowTerminatingError(Failures.SpoolFailed(e));
        }
    }

    private protected override void OnDispose()
    {
        if (upload is not null)
        {
            Bridge.Abandon(upload);
        }
    }

    private void Resume(SpoolFolder folder, string name)
    {
        using SpoolRun? run = folder.TryOpen(name, (file, reason) => WriteWarning(
            $"'{System.IO.Path.GetFileName(file)}' is kept as it is and was not sent: {reason}."));
        if (run is null)
        {
            WriteWarning($"Run {name} is being sent by another process, and is left to it.");
        }
        else if (run.TryGetTarget(out string experimentId, out string address))
        {
            if (UploadSpool.IsFor(address, Client))
            {
                Send(run, experimentId);
            }
            else
            {
                WriteError(Failures.SpooledForAnother(name, address, UploadSpool.AddressOf(Client)));
            }
        }
    }

    private void Send(SpoolRun run, string experimentId)
    {
        SpoolRecord how = run.Record ?? new SpoolRecord { ExperimentId = experimentId, Address = string.Empty };
        var options = new SendOptions { BatchSize = how.BatchSize, MaxBatchBytes = how.MaxBatchBytes, ThrottleLimit = ThrottleLimit };
        upload = new EventUpload(this, Bridge, Client, options, static _ => true);
        bool isTargeted = upload.TryTarget(experimentId, how.Defaults);
        if (isTargeted)
        {
            upload.Resume(run);
            bool isRead = run.Record is not { FromPipeline: false } record || TryReadOn(record);
            foreach (SendResult result in upload.Complete(isRead))
            {
                WriteObject(result);
            }

            if (how.FromPipeline || how.SourcesArePiped)
            {
                WriteError(Failures.PipelineCutShort(how));
            }
        }
    }

    /// <summary>Reads files on where reading ended, if they still are what they were.</summary>
    private bool TryReadOn(SpoolRecord record)
    {
        SpoolSource[] changed = [.. record.Sources.Where(source => source.WhyChanged() is not null)];
        foreach (SpoolSource source in changed)
        {
            WriteError(Failures.SpooledFileChanged(source, record));
        }

        if (changed.Length > 0)
        {
            return false;
        }

        var jsonColumns = record.JsonColumns.ToHashSet(StringComparer.OrdinalIgnoreCase);
        TableSink? table = record.Table is null ? null : new TableSink(record.Table.ToMapping(jsonColumns), () => upload!.ExperimentId, Client.Options.Time, upload!);
        var options = new EventFileOptions { Delimiter = record.Delimiter, JsonColumns = jsonColumns, IsTable = table is not null };
        new EventFiles(this, upload!, (IEventRowSink?)table ?? new ReadBackSink(upload!, PowerShellFreeForm.Instance), table, options).Read(record.Sources.Select(source => source.Path));
        return true;
    }
}
