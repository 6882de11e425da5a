namespace LlmObs.PowerShell.Sending;

/// <summary>Reads files of events into an upload, one after the other; one that can't be read is an error of its own.</summary>
internal sealed class EventFiles(LlmObsCmdlet cmdlet, EventUpload upload, IEventRowSink rows, TableSink? table, EventFileOptions options)
{
    public void Read(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            try
            {
                table?.BeginTable(upload.NameTable(file));
                EventFile.Read(file, options, rows, upload.BeginFile(file));
            }
            catch (Exception e) when (e is (IOException and not SpoolException) or UnauthorizedAccessException or NotSupportedException or EventRowException)
            {
                cmdlet.WriteError(Failures.UnreadableFile(file, e));
            }
        }
    }
}
