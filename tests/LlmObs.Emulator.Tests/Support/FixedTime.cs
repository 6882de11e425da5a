namespace LlmObs.Emulator.Tests.Support;

/// <summary>A clock at a time that the test sets; its timers are real.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
