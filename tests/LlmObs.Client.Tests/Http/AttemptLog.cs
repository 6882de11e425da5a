using System.Collections.Concurrent;

namespace LlmObs.Client.Tests;

/// <summary>Keeps the attempts and failures that the client reports.</summary>
internal sealed class AttemptLog : IEventObserver
{
    private readonly ConcurrentQueue<HttpAttemptInfo> _attempts = new();
    private readonly ConcurrentQueue<UndeliveredEvents> _failures = new();
    private readonly ConcurrentQueue<string> _troubles = new();

    public IReadOnlyList<HttpAttemptInfo> Attempts => [.. _attempts];

    public IReadOnlyList<UndeliveredEvents> Failures => [.. _failures];

    public IReadOnlyList<string> Troubles => [.. _troubles];

    public bool WantsHeaders { get; init; } = true;

    public void OnAttempt(HttpAttemptInfo attempt) => _attempts.Enqueue(attempt);

    public void OnTrouble(string message) => _troubles.Enqueue(message);

    public void OnFailed(UndeliveredEvents events) => _failures.Enqueue(events);
}
