using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmObs.Emulator.Tests.Support;

/// <summary>Bytes on a socket, for what an HTTP client would not send.</summary>
internal static class RawHttp
{
    /// <summary>Sends bytes and reads until the connection ends or nothing more comes.</summary>
    public static async Task<string> SendAsync(int port, byte[] bytes, bool closeAfter = true)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        NetworkStream stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(bytes, limit.Token);
            if (closeAfter)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // The other side may cut the connection: what came before counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public static Task<string> SendAsync(int port, string text, bool closeAfter = true) =>
        SendAsync(port, Encoding.Latin1.GetBytes(text), closeAfter);
}
