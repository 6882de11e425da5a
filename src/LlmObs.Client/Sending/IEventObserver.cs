namespace LlmObs.Client.Sending;

/// <summary>Is told how sending goes. Called from any thread.</summary>
public interface IEventObserver : IRequestObserver
{
    /// <summary>The events of a request did not get there.</summary>
    /// <param name="events">Which, and why.</param>
    void OnFailed(FailedEvents events);

    /// <summary>The service took events.</summary>
    /// <param name="rows">Where their rows stand, one for each event.</param>
    void OnAccepted(IReadOnlyList<RowPlace> rows)
    {
    }

    /// <summary>Whether anybody wants to know which events were taken.</summary>
    bool WantsAccepted => false;

    /// <summary>Something that the user should know, and that is no failure of an event.</summary>
    /// <param name="message">What, in sentences.</param>
    void OnTrouble(string message)
    {
    }
}
