using System.Net;

namespace LlmObs.Emulator.Http;

/// <summary>Puts an answer on the wire.</summary>
internal static class AnswerWriter
{
    public static async Task WriteAsync(HttpListenerContext context, Answer answer)
    {
        HttpListenerResponse response = context.Response;
        try
        {
            response.StatusCode = answer.Status;
            response.KeepAlive = !answer.Close;
            if (answer.ContentType is { } contentType)
            {
                response.ContentType = contentType;
            }

            foreach ((string name, string value) in answer.Headers)
            {
                Add(response, name, value);
            }

            bool bodyless = answer.Status is < 200 or 204 or 304;
            response.ContentLength64 = bodyless ? 0 : answer.Body.Length;
            if (!bodyless && answer.Body.Length > 0 && context.Request.HttpMethod != "HEAD")
            {
                int length = answer.Truncate ? answer.Body.Length / 2 : answer.Body.Length;
                await response.OutputStream.WriteAsync(answer.Body.AsMemory(0, length)).ConfigureAwait(false);
            }

            if (answer.Truncate)
            {
                response.Abort();
            }
            else
            {
                response.Close();
            }
        }
        catch (Exception failure) when (IsGone(failure))
        {
            response.Abort();
        }
    }

    /// <summary>Whether an exception only says that the client, or the listener, is no longer there.</summary>
    private static bool IsGone(Exception failure) =>
        failure is IOException or HttpListenerException or ObjectDisposedException or InvalidOperationException;

    private static void Add(HttpListenerResponse response, string name, string value)
    {
        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
        {
            response.ContentType = value;
        }
        else if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
        {
            response.KeepAlive = !value.Equals("close", StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            response.AppendHeader(name, value);
        }
    }
}
