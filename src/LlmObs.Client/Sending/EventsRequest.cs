namespace LlmObs.Client.Sending;

/// <summary>Makes one request of events: under the word for <c>data.type</c> that the service takes, and counted.</summary>
internal sealed class EventsRequest(LlmObsClient client, IEventObserver observer, CancellationToken stopping)
{
    private readonly ServiceBreaker _breaker = new(client.Options.Time, observer, stopping);

    /// <summary>Sends events in one request, and repeats it if that is useful.</summary>
    /// <returns>Null if they were accepted, otherwise the failure; and true if a request was made.</returns>
    public async Task<(LlmObsException? Failure, bool WasTried)> TryAsync(EventBatcher stream, BatchSlice events)
    {
        bool wasTried = false;
        LlmObsException? failure = await _breaker.RunAsync(() =>
        {
            wasTried = true;
            return TryNowAsync(stream, events);
        }).ConfigureAwait(false);
        return (failure, wasTried);
    }

    private async Task<LlmObsException?> TryNowAsync(EventBatcher stream, BatchSlice events)
    {
        ReadOnlyMemory<byte> type = client.EventTypes.Current;
        var body = new EventBody(events, type);
        LlmObsException? failure = await TrySendAsync(stream, body).ConfigureAwait(false);
        if (failure is { StatusCode: 400 or 409 })
        {
            var other = new EventBody(events, DataTypeNegotiation.Recorded);
            bool accepted = await client.EventTypes.TryOtherAsync(
                type,
                async () =>
                {
                    stream.Tally.Retried();
                    return await TrySendAsync(stream, other).ConfigureAwait(false) is null;
                },
                stopping).ConfigureAwait(false);
            if (accepted)
            {
                stream.Tally.Accepted(other);
                return null;
            }
        }

        // If both words were refused, the first refusal is the one to report: it answers the documented form.
        if (failure is not null)
        {
            stream.Tally.Answered();
            return failure;
        }

        client.EventTypes.Accepted(type);
        stream.Tally.Accepted(body);
        return null;
    }

    private async Task<LlmObsException?> TrySendAsync(EventBatcher stream, EventBody body)
    {
        try
        {
            using ApiAnswer answer = await client.Transport.SendAsync(
                new ApiRequest(HttpMethod.Post, stream.Path, body.ToContent, RetrySafety.AfterTransientFailure),
                new RetryCounter(observer, stream.Tally),
                stopping).ConfigureAwait(false);
            return null;
        }
        catch (LlmObsException e)
        {
            return e;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Last resort: any other exception is reported, and later events are still sent.
            return FailureMessages.Unexpected(HttpMethod.Post, stream.Path, e, client.Options);
        }
    }

    private sealed class RetryCounter(IEventObserver observer, SendCounters tally) : IRequestObserver
    {
        public bool WantsHeaders => observer.WantsHeaders;

        public void OnAttempt(HttpAttemptInfo attempt)
        {
            if (attempt.RetryAfter is not null)
            {
                tally.Retried();
            }

            observer.OnAttempt(attempt);
        }
    }
}
