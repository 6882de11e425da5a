using System.Globalization;
using System.Text;

namespace LlmObs.Emulator.Http;

/// <summary>An answer as bytes on the wire.</summary>
internal static class AnswerBytes
{
    public static ReadOnlyMemory<byte> Continue { get; } = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    /// <summary>Writes the head and as much of the body as is to be sent.</summary>
    /// <param name="isHead">True if the request was HEAD, which is answered without the body.</param>
    /// <param name="close">True if the connection ends after it.</param>
    public static byte[] Write(Answer answer, bool isHead, bool close)
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
        int sent = isHead || isBodyless ? 0 : answer.Truncate ? answer.Body.Length / 2 : answer.Body.Length;
        byte[] bytes = new byte[head.Length + sent];
        int length = Encoding.Latin1.GetBytes(head.ToString(), bytes);
        answer.Body.AsSpan(0, sent).CopyTo(bytes.AsSpan(length));
        return bytes;
    }
}
