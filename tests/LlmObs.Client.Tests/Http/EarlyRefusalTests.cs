using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>A service that refuses a large body before it has read it, and closes: the answer is lost in the reset.</summary>
public sealed class EarlyRefusalTests
{
    private const int Limit = 300_000;

    [Fact]
    public async Task A_413_that_is_lost_in_a_reset_is_asked_for_and_the_batch_is_halved()
    {
        var taken = new List<int>();
        int resets = 0;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, taken, () => resets++);
        using LlmObsClient client = TestClient.For(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), retries: 3);
        await using var upload = new Upload(client, new SendOptions { ThrottleLimit = 1, BatchSize = 8 });
        for (int number = 0; number < 8; number++)
        {
            await upload.AddAsync(Upload.Metric(number, length: 100_000));
        }

        SendResult result = await upload.CompleteAsync();
        listener.Stop();
        await serving;
        Assert.Empty(upload.Log.Failures);
        Assert.Equal((8, 0), (result.MetricCount, result.FailedCount));
        Assert.Equal(Enumerable.Range(0, 8), taken.Order());
        Assert.NotEqual(0, resets); // else it was no test
    }

    // One connection after the other, as one request at a time needs.
    private static async Task ServeAsync(TcpListener listener, List<int> taken, Action onReset)
    {
        while (true)
        {
            try
            {
                using TcpClient connection = await listener.AcceptTcpClientAsync();
                await AnswerAsync(connection, taken, onReset);
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException) // stopped, perhaps between two calls
            {
                return;
            }
            catch (IOException)
            {
                // The client went away.
            }
        }
    }

    private static async Task AnswerAsync(TcpClient connection, List<int> taken, Action onReset)
    {
        NetworkStream stream = connection.GetStream();
        var received = new StringBuilder();
        byte[] one = new byte[1];
        while (!received.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            received.Append((char)one[0]);
        }

        string head = received.ToString();
        int length = int.Parse(head.Split("Content-Length: ")[1].Split('\r')[0], CultureInfo.InvariantCulture);
        bool asks = head.Contains("100-continue", StringComparison.Ordinal);
        if (length > Limit && !asks)
        {
            onReset();
            connection.Client.LingerState = new LingerOption(true, 0);
            connection.Close();
            return;
        }

        if (length > Limit)
        {
            await stream.WriteAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            connection.Client.Shutdown(SocketShutdown.Send);
            await stream.ReadAtLeastAsync(one, 1, throwOnEndOfStream: false);
            return;
        }

        if (asks)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        }

        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body);
        taken.AddRange(Upload.Numbers(Encoding.UTF8.GetString(body)));
        await stream.WriteAsync("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        connection.Client.Shutdown(SocketShutdown.Send);
        await stream.ReadAtLeastAsync(one, 1, throwOnEndOfStream: false);
    }
}
