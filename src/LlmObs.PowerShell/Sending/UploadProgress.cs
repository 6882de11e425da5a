using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Sending;

/// <summary>
/// Shows how sending goes: events, rate, and for files percent and time left. At most four times a second, since drawing
/// costs more than sending; whether it is seen at all is up to $ProgressPreference.
/// </summary>
internal sealed class UploadProgress(LlmObsCmdlet cmdlet)
{
    private const long IntervalMs = 250;

    private readonly long started = Environment.TickCount64;
    private long next = Environment.TickCount64 + IntervalMs;
    private long events;
    private bool shown;
    private string activity = "Sending events";
    private FileProgress? file;
    private long fileStarted;

    public FileProgress BeginFile(string path)
    {
        activity = $"Sending events of {Path.GetFileName(path)}";
        fileStarted = Environment.TickCount64;
        return file = new FileProgress();
    }

    /// <summary>One more event was taken; on any thread.</summary>
    public void Count() => Interlocked.Increment(ref events);

    /// <summary>Shows how far it is, where that is due.</summary>
    [MethodImpl(HotPath.Compiled)]
    public void Show()
    {
        long now = Environment.TickCount64;
        if (now >= next)
        {
            next = now + IntervalMs;
            Show(now);
        }
    }

    /// <summary>Takes the display away.</summary>
    public void End()
    {
        if (shown)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, activity, "done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private void Show(long now)
    {
        shown = true;
        double seconds = Math.Max(now - started, 1) / 1000d;
        string status = string.Create(CultureInfo.CurrentCulture, $"{events:N0} events, {events / seconds:N0} a second");
        var record = new ProgressRecord(0, activity, status);
        if (file?.Fraction is double fraction and > 0)
        {
            record.PercentComplete = (int)(fraction * 100);
            record.SecondsRemaining = (int)Math.Min(int.MaxValue, (now - fileStarted) / 1000d * (1 - fraction) / fraction);
        }

        cmdlet.WriteProgress(record);
    }
}
