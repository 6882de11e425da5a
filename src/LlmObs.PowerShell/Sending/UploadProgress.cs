using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>
/// Shows the progress of sending: events, rate, and for files percent and time left. At most four times a second, because drawing
/// costs more than sending; $ProgressPreference decides if it is visible.
/// </summary>
internal sealed class UploadProgress(LlmObsCmdlet cmdlet)
{
    private const long IntervalMs = 250;

    private readonly long _started = Environment.TickCount64;
    private long _next = Environment.TickCount64 + IntervalMs;
    private long _events;
    private bool _shown;
    private string _activity = "Sending events";
    private FileProgress? _file;
    private long _fileStarted;

    public FileProgress BeginFile(string path)
    {
        _activity = $"Sending events of {Path.GetFileName(path)}";
        _fileStarted = Environment.TickCount64;
        return _file = new FileProgress();
    }

    /// <summary>One more event was taken; on any thread.</summary>
    public void Count() => Interlocked.Increment(ref _events);

    /// <summary>Shows the progress, if that is due.</summary>
    public void Show()
    {
        long now = Environment.TickCount64;
        if (now >= _next)
        {
            _next = now + IntervalMs;
            Show(now);
        }
    }

    /// <summary>Removes the display.</summary>
    public void End()
    {
        if (_shown)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, _activity, "done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private void Show(long now)
    {
        _shown = true;
        double seconds = Math.Max(now - _started, 1) / 1000d;
        string status = string.Create(CultureInfo.CurrentCulture, $"{_events:N0} events, {_events / seconds:N0} a second");
        var record = new ProgressRecord(0, _activity, status);
        if (_file?.Fraction is double fraction and > 0)
        {
            record.PercentComplete = (int)(fraction * 100);
            record.SecondsRemaining = (int)Math.Min(int.MaxValue, (now - _fileStarted) / 1000d * (1 - fraction) / fraction);
        }

        cmdlet.WriteProgress(record);
    }
}

/// <summary>Shows the service's progress in writing the records of an uploaded file.</summary>
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
