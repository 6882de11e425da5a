namespace LlmObs.Emulator.Tests.Support;

/// <summary>A clock that stands where a test puts it; its timers are real.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
