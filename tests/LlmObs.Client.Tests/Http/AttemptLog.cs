using System.Collections.Concurrent;

namespace LlmObs.Client.Tests;

/// <summary>Keeps what the client tells of its attempts and failures.</summary>
internal sealed class AttemptLog : IEventObserver
{
    private readonly ConcurrentQueue<RequestAttempt> attempts = new();
    private readonly ConcurrentQueue<FailedEvents> failures = new();
    private readonly ConcurrentQueue<string> troubles = new();

    public IReadOnlyList<RequestAttempt> Attempts => [.. attempts];

    public IReadOnlyList<FailedEvents> Failures => [.. failures];

    public IReadOnlyList<string> Troubles => [.. troubles];

    public bool WantsHeaders { get; init; } = true;

    public void OnAttempt(RequestAttempt attempt) => attempts.Enqueue(attempt);

    public void OnTrouble(string message) => troubles.Enqueue(message);

    public void OnFailed(FailedEvents events) => failures.Enqueue(events);
}
