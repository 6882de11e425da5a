using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>Reads files of events into an upload, one after the other; one that can't be read is an error of its own.</summary>
internal sealed class EventFiles(
    LlmObsCmdlet cmdlet, AsyncPipelineBridge bridge, EventUploadHost upload, IEventRowSink rows, TableSink? table, EventFileOptions options)
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">Its whole path.</param>
    /// <param name="source">Its number among the sources of the spool's run; -1 for none.</param>
    public void Read(string file, int source)
    {
        try
        {
            table?.BeginTable(file);
            table?.LookAhead(file, options);
            bool isAsItWas = EventFile.Read(file, options, rows, upload.BeginFile(file, source), bridge.Stopping);
            EventRowException? problem = table?.EndTable();
            upload.Sources.End(source);
            if (problem is not null)
            {
                upload.Fail(Failures.UnseenColumn($"The file '{file}'", problem, file));
            }

            if (!isAsItWas)
            {
                cmdlet.WriteWarning(Warnings.ChangedWhileRead(file));
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is (IOException and not SpoolException) or UnauthorizedAccessException or NotSupportedException or EventRowException)
        {
            table?.SendHeld();
            upload.Fail(Failures.UnreadableFile(file, e, upload.Sources.RecordOf(source)));
        }
    }
}
