using System.Globalization;
using System.Management.Automation;

namespace LlmObs.PowerShell.Running;

/// <summary>Shows how a run goes: rows, failures, rate and time left; at most four times a second.</summary>
internal sealed class RunProgress(LlmObsCmdlet cmdlet, string name)
{
    private const long IntervalMs = 250;

    private readonly string _activity = $"Running {name}";
    private readonly long _started = Environment.TickCount64;
    private long _next = Environment.TickCount64 + IntervalMs;
    private bool _shown;

    /// <param name="done">Rows that are finished.</param>
    /// <param name="failed">Those of them that failed.</param>
    /// <param name="total">How many there will be; null while nobody knows.</param>
    public void Show(int done, int failed, long? total)
    {
        long now = Environment.TickCount64;
        if (now < _next)
        {
            return;
        }

        _next = now + IntervalMs;
        _shown = true;
        double rate = done / (Math.Max(now - _started, 1) / 1000d);
        string of = total is long all ? string.Create(CultureInfo.CurrentCulture, $" of {all:N0}") : string.Empty;
        var record = new ProgressRecord(0, _activity, string.Create(CultureInfo.CurrentCulture, $"{done:N0}{of} rows, {failed:N0} failed, {rate:N1} a second"));
        if (total is > 0)
        {
            record.PercentComplete = (int)Math.Min(100, 100L * done / total.Value);
            record.SecondsRemaining = rate > 0 ? (int)Math.Min(int.MaxValue, (total.Value - done) / rate) : -1;
        }

        cmdlet.WriteProgress(record);
    }

    public void End()
    {
        if (_shown)
        {
            cmdlet.WriteProgress(new ProgressRecord(0, _activity, "done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
