namespace LlmObs.Client.Sending;

/// <summary>Is told how sending goes. Called from any thread.</summary>
public interface IEventObserver : IRequestObserver
{
    /// <summary>Events did not get there.</summary>
    /// <param name="events">Which, and why.</param>
    void OnFailed(UndeliveredEvents events);

    /// <summary>The service took events.</summary>
    /// <param name="rows">Where their rows stand, one for each event.</param>
    void OnAccepted(IReadOnlyList<RowPlace> rows)
    {
    }

    /// <summary>Whether anybody wants to know which events were taken.</summary>
    bool WantsAccepted => false;

    /// <summary>
    /// A request failed, and it is not known yet how far that reaches: <see cref="OnFailed"/> follows when something is accepted
    /// again, or when everything is answered.
    /// </summary>
    void OnFailing()
    {
    }

    /// <summary>Something that the user should know, and that is no failure of an event.</summary>
    /// <param name="message">What, in sentences.</param>
    void OnTrouble(string message)
    {
    }
}
