using System.Net;
using LlmObs.Emulator.Faults;
using LlmObs.Emulator.Routes;

namespace LlmObs.Emulator.Http;

/// <summary>The way of one request: its body, its fault, its operation, its answer.</summary>
/// <param name="router">The operations.</param>
/// <param name="faults">The faults.</param>
/// <param name="log">Where requests are noted, before they are answered.</param>
/// <param name="reader">Reads bodies.</param>
/// <param name="time">The clock of the faults' delays.</param>
internal sealed class RequestPipeline(
    Router router, FaultScript faults, RequestLog log, RequestBodyReader reader, TimeProvider time)
{
    /// <summary>Answers a request. Never throws: whatever goes wrong is this request's problem alone.</summary>
    public async Task HandleAsync(HttpListenerContext context, CancellationToken stop)
    {
        try
        {
            if (await AnswerAsync(context, stop).ConfigureAwait(false) is { } answer)
            {
                await AnswerWriter.WriteAsync(context, answer).ConfigureAwait(false);
            }
            else
            {
                context.Response.Abort();
            }
        }
        catch (OperationCanceledException)
        {
            context.Response.Abort();
        }
        catch (Exception)
        {
            // What the handling itself could not foresee: the emulator goes on, and the client learns that it was not served.
            await AnswerWriter.WriteAsync(context, Answer.Of(new Problem(500, "The emulator failed on this request.")))
                .ConfigureAwait(false);
        }
    }

    /// <summary>The answer; null where the connection is to be dropped.</summary>
    private async Task<Answer?> AnswerAsync(HttpListenerContext context, CancellationToken stop)
    {
        HttpListenerRequest request = context.Request;
        string path = PathOf(request);
        if (!LoopbackHost.Matches(request.Headers["Host"]) || !LoopbackHost.Matches(request.Url?.Host))
        {
            var foreign = new Problem(403, "Only requests to this machine itself are served: the Host header must be 127.0.0.1 or localhost.");
            return Note(request, path, [], Answer.Of(foreign) with { Close = true });
        }

        RequestBody body = await reader.ReadAsync(request, stop).ConfigureAwait(false);
        if (body.Lost)
        {
            return Note(request, path, [], null);
        }

        if (body.Problem is { } problem)
        {
            return Note(request, path, [], Answer.Of(problem) with { Close = body.Incomplete });
        }

        EmulatorFault? fault = faults.Draw(request.HttpMethod, path);
        Answer? answer = fault is null
            ? Act(request, path, body.Bytes)
            : await PlayAsync(fault, request, path, body.Bytes, stop).ConfigureAwait(false);
        return Note(request, path, body.Bytes, answer);
    }

    private async Task<Answer?> PlayAsync(
        EmulatorFault fault, HttpListenerRequest request, string path, byte[] body, CancellationToken stop)
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
            Act(request, path, body);
            return null;
        }

        return fault.Status is { } status
            ? FaultAnswer.Of(fault, status)
            : FaultAnswer.Over(fault, Act(request, path, body));
    }

    private Answer Act(HttpListenerRequest request, string path, byte[] body) => router.Handle(request.HttpMethod, path, body);

    private Answer? Note(HttpListenerRequest request, string path, byte[] body, Answer? answer)
    {
        log.Add(new RecordedRequest
        {
            Method = request.HttpMethod,
            Path = path,
            Headers = RequestLog.Redact(request.Headers),
            Body = body,
            Status = answer?.Status ?? 0,
        });
        return answer;
    }

    /// <summary>The path as it was sent; the listener's own form of it has dots and escapes resolved.</summary>
    private static string PathOf(HttpListenerRequest request)
    {
        string sent = request.RawUrl ?? string.Empty;
        if (!sent.StartsWith('/'))
        {
            return request.Url?.AbsolutePath ?? sent;
        }

        int query = sent.IndexOfAny(['?', '#']);
        return query < 0 ? sent : sent[..query];
    }
}
