namespace LlmObs.Client.Http;

/// <summary>Is told of every request that was sent, for logs and counts. Called from any thread.</summary>
public interface IRequestObserver
{
    /// <summary>Whether <see cref="HttpAttemptInfo.RequestHeaders"/> and <see cref="HttpAttemptInfo.ResponseHeaders"/> are to be filled.</summary>
    bool WantsHeaders => true;

    /// <summary>An attempt has ended.</summary>
    /// <param name="attempt">What it was and how it ended.</param>
    void OnAttempt(HttpAttemptInfo attempt);
}
