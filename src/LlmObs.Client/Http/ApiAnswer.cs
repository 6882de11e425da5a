using System.Text.Json;

namespace LlmObs.Client.Http;

/// <summary>A success of the service.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="StatusCode">The status, 2xx.</param>
/// <param name="Body">The body; empty where there was none.</param>
/// <param name="Attempts">How often the request was sent.</param>
/// <param name="BodyLoss">Why the body did not arrive whole; null where it did.</param>
/// <param name="Options">Whose keys are in no text about it.</param>
internal sealed record ApiAnswer(
    ApiRequest Request, int StatusCode, ReadOnlyMemory<byte> Body, int Attempts, Exception? BodyLoss, ClientOptions Options)
{
    public bool HasBody => Body.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0;

    /// <summary>Reads the body. A success that can't be read is reported as such and never sent again: the write has landed.</summary>
    /// <exception cref="LlmObsException">The body is missing, torn, not JSON, or lacks what it must have.</exception>
    public T ReadJson<T>(Func<JsonElement, T> read)
    {
        try
        {
            if (BodyLoss is not null)
            {
                throw Unreadable($"it broke off ({BodyLoss.Message.TrimEnd('.')})", BodyLoss);
            }

            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = JsonDefaults.AnswerDepth });
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw Unreadable(HasBody ? "it is not JSON" : "it is empty", e);
        }
        catch (InvalidOperationException e)
        {
            throw Unreadable("it holds text that is not Unicode", e);
        }
        catch (FormatException e)
        {
            throw Unreadable(e.Message, e);
        }
    }

    /// <summary>
    /// Reads the body, where there is one that can be read. The write has landed, whatever the body is: where it can't be
    /// read, the caller knows what was written.
    /// </summary>
    public T? TryReadJson<T>(Func<JsonElement, T> read)
        where T : class
    {
        if (!HasBody || BodyLoss is not null)
        {
            return null;
        }

        try
        {
            return ReadJson(read);
        }
        catch (LlmObsException e) when (e.Kind == FailureKind.UnreadableAnswer)
        {
            return null;
        }
    }

    /// <summary>The failure that a success is whose body is not what was asked for.</summary>
    public LlmObsException Unreadable(string reason, Exception? inner) => FailureMessages.Of(
        FailureKind.UnreadableAnswer,
        $"{Request.Method} /{Request.Path} succeeded ({StatusCode}), but its answer can't be read: {reason}.",
        this,
        inner);
}
