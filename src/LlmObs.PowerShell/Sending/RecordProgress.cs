using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>Shows what the service says of the records that it has written of an uploaded file.</summary>
internal sealed class RecordProgress(AsyncPipelineBridge bridge, int total)
{
    private const string Activity = "Uploading records";

    public void Begin() => Show(string.Create(CultureInfo.CurrentCulture, $"{total:N0} records"), percent: -1);

    /// <summary>So many are written. Called from any thread.</summary>
    public void Say(long written) => Show(
        string.Create(CultureInfo.CurrentCulture, $"{written:N0} of {total:N0} records"), (int)Math.Min(100, written * 100 / Math.Max(total, 1)));

    public void End() => bridge.Post(cmdlet => cmdlet.WriteProgress(new ProgressRecord(0, Activity, "done") { RecordType = ProgressRecordType.Completed }));

    private void Show(string status, int percent) =>
        bridge.Post(cmdlet => cmdlet.WriteProgress(new ProgressRecord(0, Activity, status) { PercentComplete = percent }));
}
