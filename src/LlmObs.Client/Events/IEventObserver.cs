namespace LlmObs.Client;

/// <summary>Is told how sending goes. Called from any thread.</summary>
public interface IEventObserver : IRequestObserver
{
    /// <summary>The events of a request did not get there.</summary>
    /// <param name="events">Which, and why.</param>
    void OnFailed(FailedEvents events);
}
