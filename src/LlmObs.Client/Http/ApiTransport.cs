using System.Net.Http.Headers;
using System.Net.Sockets;
using Polly;
using Polly.Retry;

namespace LlmObs.Client.Http;

/// <summary>Sends requests: one attempt within its time limit, and further attempts if they are allowed and useful.</summary>
internal sealed class ApiTransport : IDisposable
{
    private const long LargeBody = 64 * 1024; // less is sent before a reset can arrive

    /// <summary>The most bytes of an answer that is kept whole.</summary>
    public const long LargestAnswer = 32L * 1024 * 1024;

    private static readonly ResiliencePropertyKey<CallState> StateKey = new("LlmObs.call");

    private readonly ClientOptions _options;
    private readonly Task<HttpPipeline> _pipeline;
    private volatile RateLimit? _limited; // the service's last limit

    public ApiTransport(ClientOptions options)
    {
        if (ClientOptions.UnsafeReason(options.BaseUri) is string reason)
        {
            throw new ArgumentException($"{options.BaseUri} can't be the base address: {reason}.", nameof(options));
        }

        options.Check();
        _options = options;
        _pipeline = Task.Run(() => new HttpPipeline(new HttpClients(options), BuildRetry())); // while the caller still reads its input
    }

    public Uri AddressOf(ApiRequest request) => new(_options.BaseUri, request.Path);

    public void Dispose() => _ = DisposeAsync(_pipeline);

    /// <exception cref="LlmObsException">The last attempt failed.</exception>
    public async Task<ApiAnswer> SendAsync(ApiRequest request, IRequestObserver? observer, CancellationToken cancellation)
    {
        (HttpClients clients, ResiliencePipeline<HttpAttemptResult> retry) = await _pipeline.ConfigureAwait(false);
        var state = new CallState(clients.Client, request, AddressOf(request), observer);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation);
        context.Properties.Set(StateKey, state);
        HttpAttemptResult outcome;
        try
        {
            outcome = await retry.ExecuteAsync(AttemptAsync, context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        state.Report(outcome, retryAfter: null);
        return outcome is { Failure: null, StatusCode: int status }
            ? new ApiAnswer(request, status, outcome.Body, state.Attempts, outcome.Exception, _options) { Rented = outcome.Rented }
            : throw FailureMessages.Describe(request, state.Address, outcome, state.Attempts, _options);
    }

    private static async Task DisposeAsync(Task<HttpPipeline> made) => (await made.ConfigureAwait(false)).Clients.Dispose();

    private ResiliencePipeline<HttpAttemptResult> BuildRetry()
    {
        var builder = new ResiliencePipelineBuilder<HttpAttemptResult> { TimeProvider = _options.Time };
        if (_options.MaxRetryCount > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpAttemptResult>
            {
                MaxRetryAttempts = _options.MaxRetryCount,
                MaxDelay = RetryRules.LongestWait,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is HttpAttemptResult outcome && StateOf(arguments.Context).MayRepeat(outcome)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(StateOf(arguments.Context).AtMostWhatIsLeft(RetryRules.WaitBefore(
                    arguments.Outcome.Result!, arguments.AttemptNumber, _options.Time.GetUtcNow(), Random.Shared.NextDouble()))),
                OnRetry = arguments =>
                {
                    StateOf(arguments.Context).Report(arguments.Outcome.Result!, arguments.RetryDelay);
                    return default;
                },
            });
        }

        return builder.Build();
    }

    private async ValueTask<HttpAttemptResult> AttemptAsync(ResilienceContext context)
    {
        CallState state = StateOf(context);
        if (state.Attempts++ == 0 && PauseOf(state.Request) is { } pause)
        {
            await Task.Delay(pause, _options.Time, context.CancellationToken).ConfigureAwait(false);
        }

        long start = _options.Time.GetTimestamp();
        HttpAttemptResult outcome;
        try
        {
            using var limit = new IdleTimeout(_options.Timeout, _options.Time, context.CancellationToken);
            outcome = await ExchangeAsync(state, limit, context.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!context.CancellationToken.IsCancellationRequested)
        {
            outcome = new HttpAttemptResult { Failure = FailureKind.Timeout, Exception = e };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // A connection that is reset while it is made comes out as the socket's own exception.
            // If sending breaks because of a cancelled call, the caller needs to know of the cancellation.
            context.CancellationToken.ThrowIfCancellationRequested();
            outcome = new HttpAttemptResult { Failure = HttpAttemptResult.KindOf(e, HttpClients.ProxyOf(_options) is not null), Exception = e };
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            state.Report(new HttpAttemptResult { Elapsed = _options.Time.GetElapsedTime(start) }, retryAfter: null);
            throw;
        }

        state.ExpectsContinue = outcome.Failure == FailureKind.ConnectionLost;
        if (outcome.Failure == FailureKind.RateLimited && RetryDelay.Read(outcome.Headers, _options.Time.GetUtcNow()) is TimeSpan asked)
        {
            _limited = new RateLimit(state.Request.Path, _options.Time.GetUtcNow() + (asked < RetryRules.LongestWait ? asked : RetryRules.LongestWait));
        }

        return outcome with { Elapsed = _options.Time.GetElapsedTime(start) };
    }

    /// <summary>
    /// How long a new request waits while one like it was refused for coming too soon: those that wait already go first, or
    /// they would be overtaken again and again until they give up.
    /// </summary>
    private TimeSpan? PauseOf(ApiRequest request)
    {
        if (_options.MaxRetryCount == 0 || _limited is not { } limit || limit.Path != request.Path)
        {
            return null;
        }

        TimeSpan left = limit.Until - _options.Time.GetUtcNow();
        return left > TimeSpan.Zero ? left + (RetryRules.SpreadAfterPause * Random.Shared.NextDouble()) : null;
    }

    private async ValueTask<HttpAttemptResult> ExchangeAsync(CallState state, IdleTimeout time, CancellationToken caller)
    {
        ApiRequest request = state.Request;
        bool isReading = request.Repeat == RetrySafety.Read;
        CancellationToken limit = time.Token;
        IdleTimeout? idle = request.Receive is null ? null : time; // else the time is that of the whole attempt
        using var message = new HttpRequestMessage(request.Method, state.Address) { Content = request.MakeContent() };
        if (message.Content is not null)
        {
            message.Content.Headers.ContentType ??= new MediaTypeHeaderValue("application/json");
            message.Content = idle is null ? message.Content : new ActivityContent(message.Content, idle);
        }

        // A service that refuses a large body by its length closes the connection while it is still being sent, and its 413 is
        // lost in the reset. If it is asked first, it can refuse the body; asking always would cost a round trip each time.
        message.Headers.ExpectContinue = state.ExpectsContinue && message.Content?.Headers.ContentLength >= LargeBody ? true : null;
        HttpResponseMessage received;
        try
        {
            received = await state.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit).ConfigureAwait(false);
        }
        finally
        {
            if (state.WantsHeaders)
            {
                state.Sent = RedactedHeaders.Of(message.Headers, message.Content?.Headers, _options);
            }
        }

        using HttpResponseMessage response = received;
        var outcome = new HttpAttemptResult
        {
            StatusCode = (int)response.StatusCode,
            Headers = response.Headers,
            ResponseHeaders = state.WantsHeaders ? RedactedHeaders.Of(response.Headers, response.Content.Headers, _options) : [],
            MediaType = response.Content.Headers.ContentType?.MediaType,
            Failure = HttpAttemptResult.KindOf((int)response.StatusCode),
        };
        if (outcome.Failure is null && ForeignAnswer.IsForeign(outcome.MediaType, request.Accepts))
        {
            outcome = outcome with { Failure = FailureKind.ForeignAnswer };
        }

        try
        {
            if (idle is not null && outcome.Failure is null)
            {
                idle.Restart(); // the answer has begun
                Stream body = await response.Content.ReadAsStreamAsync(limit).ConfigureAwait(false);
                if (outcome.MediaType is null)
                {
                    (body, ReadOnlyMemory<byte> head) = await ForeignAnswer.PeekAsync(body, limit).ConfigureAwait(false);
                    if (ForeignAnswer.IsPage(head.Span))
                    {
                        return outcome with { Failure = FailureKind.ForeignAnswer, Body = head };
                    }
                }

                await request.Receive!(body, idle, limit).ConfigureAwait(false);
                return outcome;
            }

            PooledBuffer whole = await ReadWholeAsync(response.Content, limit).ConfigureAwait(false);
            bool isPage = outcome is { Failure: null, MediaType: null } && ForeignAnswer.IsPage(whole.Written.Span);
            return outcome with { Body = whole.Written, Rented = whole, Failure = isPage ? FailureKind.ForeignAnswer : outcome.Failure };
        }
        catch (HttpRequestException e) when (isReading && outcome.Failure is null && e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return outcome with { Failure = FailureKind.AnswerTooLarge, Exception = e };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // The status counts: a success whose body broke off is a success, and an error needs no body.
            return Lost(e, isReading ? FailureKind.ConnectionLost : null);
        }
        catch (OperationCanceledException e) when (!caller.IsCancellationRequested)
        {
            return Lost(new TimeoutException("the rest did not come within the time limit", e), isReading ? FailureKind.Timeout : null);
        }

        HttpAttemptResult Lost(Exception reason, FailureKind? failure) => failure is null || outcome.Failure is not null
            ? outcome with { Exception = reason }
            : new HttpAttemptResult { Failure = failure, Exception = reason };
    }

    // Into a rented array: each page of a list would else be a large object, which only a collection of all garbage removes.
    private static async Task<PooledBuffer> ReadWholeAsync(HttpContent content, CancellationToken limit)
    {
        var whole = new PooledBuffer();
        try
        {
            long expected = content.Headers.ContentLength ?? 0;
            Stream body = expected > LargestAnswer ? throw TooLarge() : await content.ReadAsStreamAsync(limit).ConfigureAwait(false);
            int read;
            do
            {
                // One byte more than is expected, so that the end is seen without a larger array.
                Memory<byte> room = whole.GetMemory((int)Math.Max(expected + 1 - whole.Length, 1));
                read = await BrokenCompression.ReadAsync(body, room, limit).ConfigureAwait(false);
                whole.Advance(read);
            }
            while (read > 0 && whole.Length <= LargestAnswer);

            return whole.Length <= LargestAnswer ? whole : throw TooLarge();
        }
        catch
        {
            whole.Dispose();
            throw;
        }

        static HttpRequestException TooLarge() => new(HttpRequestError.ConfigurationLimitExceeded);
    }

    private static CallState StateOf(ResilienceContext context) =>
        context.Properties.TryGetValue(StateKey, out CallState? state) ? state : throw new InvalidOperationException("A call without its state.");

    /// <summary>The HTTP clients and the retry pipeline.</summary>
    private sealed record HttpPipeline(HttpClients Clients, ResiliencePipeline<HttpAttemptResult> Retry);

    /// <summary>The state of one call.</summary>
    private sealed class CallState(HttpClient client, ApiRequest request, Uri address, IRequestObserver? observer)
    {
        private TimeSpan _waited;

        public HttpClient Client { get; } = client;

        public ApiRequest Request { get; } = request;

        public Uri Address { get; } = address;

        public bool WantsHeaders { get; } = observer?.WantsHeaders == true;

        public int Attempts { get; set; }

        /// <summary>True if the last attempt broke while or after it was sent.</summary>
        public bool ExpectsContinue { get; set; }

        /// <summary>The headers of the last attempt, as logs may show them.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Sent { get; set; } = [];

        public bool MayRepeat(HttpAttemptResult outcome) =>
            _waited < RetryRules.LongestWaitInAll && RetryRules.MayRepeat(outcome.Failure, Request.Repeat);

        public TimeSpan AtMostWhatIsLeft(TimeSpan wait) =>
            wait < RetryRules.LongestWaitInAll - _waited ? wait : RetryRules.LongestWaitInAll - _waited;

        public void Report(HttpAttemptResult outcome, TimeSpan? retryAfter)
        {
            _waited += retryAfter ?? TimeSpan.Zero;
            observer?.OnAttempt(new HttpAttemptInfo(
                Request.Method.Method, "/" + Request.Path, Attempts, outcome.StatusCode, outcome.Failure, outcome.Elapsed, retryAfter)
            {
                Address = Address,
                RequestHeaders = Sent,
                ResponseHeaders = outcome.ResponseHeaders,
            });
        }
    }

    private sealed record RateLimit(string Path, DateTimeOffset Until);
}
