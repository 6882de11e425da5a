namespace LlmObs.Client.Sending;

/// <summary>Is told how sending goes. Called from any thread.</summary>
public interface IEventObserver : IRequestObserver
{
    /// <summary>The events of a request did not get there.</summary>
    /// <param name="events">Which, and why.</param>
    void OnFailed(FailedEvents events);

    /// <summary>Something that the user should know, and that is no failure of an event.</summary>
    /// <param name="message">What, in sentences.</param>
    void OnTrouble(string message)
    {
    }
}
