using LlmObs.Client.Http;
using LlmObs.Client.Sending;

namespace LlmObs.Quickstart.Running;

/// <summary>Remembers why events did not get there.</summary>
internal sealed class FirstFailure : IEventObserver
{
    private LlmObsException? failure;

    public void OnAttempt(RequestAttempt attempt)
    {
    }

    public void OnFailed(FailedEvents events) => Interlocked.CompareExchange(ref failure, events.Failure, null);

    public void ThrowIfAny()
    {
        if (failure is not null)
        {
            throw failure;
        }
    }
}
