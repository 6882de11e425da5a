namespace LlmObs.Client.Api;

/// <summary>
/// Tests the connection step by step: the API key alone, both keys, then LLM Observability itself. Nothing is sent twice,
/// and nothing is written.
/// </summary>
/// <param name="options">The address and the credentials.</param>
/// <param name="needsKeys">True if the service requires keys; the emulator does so only if it is configured to.</param>
public sealed class ConnectionProbe(ClientOptions options, bool needsKeys)
{
    /// <summary>Runs the test. What goes wrong is part of the result.</summary>
    /// <param name="profileName">The profile, for the result.</param>
    /// <param name="observer">Receives each request.</param>
    /// <param name="cancellation">Ends the test at once.</param>
    /// <returns>The result.</returns>
    public async Task<ConnectionTest> RunAsync(string profileName, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        long start = options.Time.GetTimestamp();
        var times = new AnswerTimes(observer);
        ConnectionTest result = Begin(profileName);
        using (var client = new LlmObsClient(options with { MaxRetryCount = 0 }))
        {
            foreach (Step step in Steps(client, result))
            {
                result = await RunAsync(step, result, times, cancellation).ConfigureAwait(false);
                if (!result.IsSuccess)
                {
                    break;
                }
            }
        }

        return result with { RequestCount = times.Count, Latency = times.Quickest, Elapsed = options.Time.GetElapsedTime(start) };
    }

    private static async Task<ConnectionTest> RunAsync(Step step, ConnectionTest before, AnswerTimes times, CancellationToken cancellation)
    {
        try
        {
            bool isGood = await step.Send(times, cancellation).ConfigureAwait(false);
            return step.Conclude(before with { IsReachable = true }, isGood ? null : FailureKind.Forbidden);
        }
        catch (LlmObsException e)
        {
            ConnectionTest after = before with { IsReachable = e.StatusCode is not null && e.Kind != FailureKind.ForeignAnswer };
            return e.Kind switch
            {
                FailureKind.Unauthorized or FailureKind.Forbidden => step.Conclude(after with { Failure = e.Kind }, e.Kind),

                // The keys were accepted, even if the request was not.
                FailureKind.BadRequest => step.Conclude(after, null),
                FailureKind.UnreadableAnswer => after with
                {
                    Failure = e.Kind,
                    Problem = e.Message,
                    RecommendedAction = "Check -Site and -BaseUri: the answer is not from Datadog's API, or not from a version that this module knows.",
                },
                _ => after with { Failure = e.Kind, Problem = e.Message },
            };
        }
    }

    private ConnectionTest Begin(string profileName)
    {
        bool usesToken = options.AccessToken is not null;
        CredentialState Of(Secret? key) => key is not null ? CredentialState.NotTested
            : usesToken || !needsKeys ? CredentialState.NotNeeded : CredentialState.Missing;
        return new ConnectionTest
        {
            ProfileName = profileName,
            BaseUri = options.BaseUri,
            ApiKey = Of(options.ApiKey),
            AppKey = Of(options.AppKey),
            AccessToken = usesToken ? CredentialState.NotTested : CredentialState.NotNeeded,
        };
    }

    private IEnumerable<Step> Steps(LlmObsClient client, ConnectionTest begin)
    {
        if (begin.ApiKey == CredentialState.Missing)
        {
            yield return Step.Without("No API key is known.");
        }

        if (begin.ApiKey == CredentialState.NotTested)
        {
            yield return new Step(client.ValidateApiKey().SendAsync, (result, refusal) => refusal is null
                ? result with { ApiKey = CredentialState.Valid }
                : result with
                {
                    ApiKey = CredentialState.Refused,
                    Problem = $"{options.BaseUri.Host} does not accept the API key {options.ApiKey}.",
                    RecommendedAction = "Copy the key again, and check that it belongs to this site: a key of one site is unknown at all others.",
                });
        }

        if (begin.AppKey == CredentialState.Missing)
        {
            yield return Step.Without("No application key is known.");
        }

        if (begin.AppKey == CredentialState.NotTested)
        {
            yield return new Step(client.ValidateKeys().SendAsync, (result, refusal) => refusal is null
                ? result with { AppKey = CredentialState.Valid }
                : result with
                {
                    AppKey = CredentialState.Refused,
                    Problem = $"{options.BaseUri.Host} accepts the API key, but not the application key {options.AppKey}.",
                    RecommendedAction = "Copy the application key again, and check that it was made in the same organisation as the API key and not revoked.",
                });
        }

        yield return new Step(
            async (observer, cancellation) =>
            {
                await client.ListExperiments(new ExperimentFilter()).FirstPage(1).SendAsync(observer, cancellation).ConfigureAwait(false);
                return true;
            },
            ConcludeReading);
    }

    private ConnectionTest ConcludeReading(ConnectionTest result, FailureKind? refusal)
    {
        bool isToken = result.AccessToken != CredentialState.NotNeeded;
        if (refusal is null)
        {
            return result with { IsPermitted = true, AccessToken = isToken ? CredentialState.Valid : CredentialState.NotNeeded };
        }

        if (isToken)
        {
            return result with
            {
                AccessToken = CredentialState.Refused,
                Problem = $"{options.BaseUri.Host} does not accept the access token {options.AccessToken}.",
                RecommendedAction = "Check that it has not expired or been revoked, belongs to this site, and has the scopes of LLM Observability.",
            };
        }

        return result.ApiKey == CredentialState.Valid
            ? result with
            {
                IsPermitted = false,
                Problem = $"Both keys are valid, but {options.BaseUri.Host} does not let them read LLM Observability.",
                RecommendedAction = "The application key's owner needs the permission for LLM Observability; a key with scopes needs those of LLM Observability.",
            }
            : result with
            {
                IsPermitted = false,
                ApiKey = CredentialState.Missing,
                AppKey = CredentialState.Missing,
                Problem = $"{options.BaseUri.Host} requires keys, and none is known.",
                RecommendedAction = "Give the keys with Set-LlmObsConfig.",
            };
    }

    /// <summary>One request, and what its answer means; null means that it was not refused.</summary>
    private sealed record Step(
        Func<IRequestObserver?, CancellationToken, Task<bool>> Send, Func<ConnectionTest, FailureKind?, ConnectionTest> Conclude)
    {
        public static Step Without(string problem) => new(
            (_, _) => Task.FromResult(true),
            (result, _) => result with { IsReachable = result.ApiKey == CredentialState.Valid, Problem = problem, RecommendedAction = "Give it with Set-LlmObsConfig, or in the environment." });
    }

    /// <summary>Counts requests, and keeps the time of the quickest one that was answered.</summary>
    private sealed class AnswerTimes(IRequestObserver? next) : IRequestObserver
    {
        public bool WantsHeaders => next?.WantsHeaders == true;

        public int Count { get; private set; }

        public TimeSpan? Quickest { get; private set; }

        public void OnAttempt(HttpAttemptInfo attempt)
        {
            Count++;
            if (attempt.StatusCode is not null && !(Quickest < attempt.Elapsed))
            {
                Quickest = attempt.Elapsed;
            }

            next?.OnAttempt(attempt);
        }
    }
}
