using System.Buffers;
using System.Globalization;
using System.Text;

namespace LlmObs.Emulator.Http;

/// <summary>An answer as bytes on the wire.</summary>
internal static class AnswerBytes
{
    public static ReadOnlyMemory<byte> Continue { get; } = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private const int MostBesideHead = 64 * 1024; // bytes

    /// <summary>The head and as much of the body as is to be sent, in the pieces that it is made of; a short one leaves with the head.</summary>
    /// <param name="isHead">True if the request was HEAD, which is answered without the body.</param>
    /// <param name="close">True if the connection ends after it.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Answer answer, bool isHead, bool close)
    {
        // Neither may have a body, nor give its length.
        bool isBodyless = answer.Status is 204 or 304;
        var head = new StringBuilder(256);
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {StatusText.Of(answer.Status)}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Date: {TimeProvider.System.GetUtcNow():r}\r\n");
        bool typeIsSet = answer.Headers.Any(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
        if (answer.ContentType is { } contentType && !typeIsSet)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {contentType}\r\n");
        }

        if (!isBodyless)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        }

        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
        ReadOnlySequence<byte> sent = answer.Body.Slice(0, isHead || isBodyless ? 0 : answer.Truncate ? answer.Body.Length / 2 : answer.Body.Length);
        int beside = Math.Min(sent.First.Length, MostBesideHead);
        byte[] first = new byte[head.Length + beside];
        Encoding.Latin1.GetBytes(head.ToString(), first);
        sent.First[..beside].CopyTo(first.AsMemory(head.Length));
        yield return first;
        foreach (ReadOnlyMemory<byte> piece in sent.Slice(beside))
        {
            yield return piece;
        }
    }
}
