namespace LlmObs.Emulator.Server;

/// <summary>The way of one request: its host, its origin, its body, its fault, its operation.</summary>
/// <param name="router">The operations.</param>
/// <param name="pages">The pages for a browser.</param>
/// <param name="log">The log that notes requests before they are answered.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="errorForm">The form of errors.</param>
/// <param name="time">The clock of the faults' delays.</param>
internal sealed class RequestPipeline(
    Router router, PageAnswers pages, FaultScript faults, RequestLog log, RequestBodyReader reader, EmulatorErrorForm errorForm, TimeProvider time)
{
    /// <summary>Finds the answer to a request.</summary>
    /// <param name="source">Its body.</param>
    /// <param name="isClientGone">True if nobody waits for the answer any more.</param>
    /// <param name="stop">The end of the emulator.</param>
    /// <returns>The answer; null to drop the connection.</returns>
    /// <exception cref="OperationCanceledException">The emulator stops.</exception>
    public async Task<Answer?> HandleAsync(RequestHead head, BodySource source, Func<bool> isClientGone, CancellationToken stop)
    {
        if (!LoopbackHost.Matches(head.Headers["Host"]) || (head.Authority is { } authority && !LoopbackHost.Matches(authority)))
        {
            return Note(head, [], Answer.Of(new Problem(
                403, "Only requests to this machine itself are served: the Host header must be 127.0.0.1 or localhost.")).With(errorForm));
        }

        if (ForeignPage.Check(head) is { } foreign)
        {
            return Note(head, [], Answer.Of(foreign).With(errorForm));
        }

        RequestBody body = await reader.ReadAsync(head, source, stop).ConfigureAwait(false);
        if (body.Lost)
        {
            return Note(head, [], null);
        }

        if (body.Problem is { } problem)
        {
            return Note(head, [], Answer.Of(problem).With(errorForm));
        }

        if (await ShowAsync(head).ConfigureAwait(false) is { } page)
        {
            return Note(head, body.Bytes, page);
        }

        EmulatorFault? fault = faults.Draw(head.Method, head.Path);
        Answer? answer = fault is null
            ? Act(head, body.Bytes, isClientGone)
            : await PlayAsync(fault, head, body.Bytes, isClientGone, stop).ConfigureAwait(false);
        return Note(head, body.Bytes, answer);
    }

    private async Task<Answer?> ShowAsync(RequestHead head)
    {
        try
        {
            return (await pages.FindAsync(head).ConfigureAwait(false))?.With(errorForm);
        }
        catch (Exception)
        {
            // As with an operation: this request's problem alone.
            return Answer.Of(new Problem(500, "The emulator failed on this page.")).With(errorForm);
        }
    }

    private async Task<Answer?> PlayAsync(EmulatorFault fault, RequestHead head, byte[] body, Func<bool> isClientGone, CancellationToken stop)
    {
        if (fault.DelayMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, stop).ConfigureAwait(false);
        }

        if (fault.Drop == EmulatorFaultDrop.BeforeStoring)
        {
            return null;
        }

        if (fault.Drop == EmulatorFaultDrop.AfterStoring)
        {
            Act(head, body, isClientGone);
            return null;
        }

        return fault.Status is { } status
            ? FaultAnswer.Of(fault, status)
            : FaultAnswer.Over(fault, Act(head, body, isClientGone));
    }

    private Answer Act(RequestHead head, byte[] body, Func<bool> isClientGone)
    {
        try
        {
            return router.Handle(head, body, isClientGone).With(errorForm);
        }
        catch (Exception)
        {
            // What could not be foreseen is this request's problem alone, and the client learns that it was not served.
            return Answer.Of(new Problem(500, "The emulator failed on this request.")).With(errorForm);
        }
    }

    private Answer? Note(RequestHead head, byte[] body, Answer? answer)
    {
        log.Add(new LoggedRequest
        {
            Method = head.Method,
            Path = head.Path,
            Headers = RequestLog.Redact(head.Headers),
            Body = body,
            Status = answer?.Status ?? 0,
        });
        return answer;
    }
}
