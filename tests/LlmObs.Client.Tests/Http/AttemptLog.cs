using System.Collections.Concurrent;

namespace LlmObs.Client.Tests;

/// <summary>Keeps what the client tells of its attempts and failures.</summary>
internal sealed class AttemptLog : IEventObserver
{
    private readonly ConcurrentQueue<RequestAttempt> attempts = new();
    private readonly ConcurrentQueue<FailedEvents> failures = new();

    public IReadOnlyList<RequestAttempt> Attempts => [.. attempts];

    public IReadOnlyList<FailedEvents> Failures => [.. failures];

    public bool WantsHeaders { get; init; } = true;

    public void OnAttempt(RequestAttempt attempt) => attempts.Enqueue(attempt);

    public void OnFailed(FailedEvents events) => failures.Enqueue(events);
}
