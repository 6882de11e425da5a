// Compiled by pwsh (Add-Type): stands between the module and the emulator, and breaks what HTTP and the emulator never would.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace LlmObs.Testing
{
    /// <summary>
    /// A relay of one request a connection. For each it draws whether it plays its fault: BeforeRequest (reset at once),
    /// InBody (reset in the middle of the request), AfterBody (reset once all of it was read, and not passed on), LostAnswer
    /// (passed on, and reset instead of the answer), CutAnswer (passed on, and half of the answer), Stall (no answer ever),
    /// BadGateway (502, not passed on).
    /// </summary>
    public sealed class FaultyRelay : IDisposable
    {
        private readonly TcpListener listener;
        private readonly Uri target;
        private readonly string fault;
        private readonly double rate;
        private readonly Random random = new Random(7);
        private readonly object gate = new object();
        private int left;
        private int lostEvents;
        private int played;

        /// <param name="count">How often it plays at most; 0 for ever.</param>
        public FaultyRelay(string target, string fault, double rate, int count, int openAfterMs)
        {
            this.target = new Uri(target);
            this.fault = fault;
            this.rate = rate;
            left = count == 0 ? int.MaxValue : count;
            listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            BaseUri = "http://127.0.0.1:" + port + "/";
            if (openAfterMs > 0)
            {
                // Until then the port is closed: connections are refused.
                listener.Stop();
                listener = new TcpListener(IPAddress.Loopback, port);
                Task.Run(async () => { await Task.Delay(openAfterMs); listener.Start(); await ServeAsync(); });
            }
            else
            {
                Task.Run(ServeAsync);
            }
        }

        public string BaseUri { get; private set; }

        /// <summary>The events of requests that were passed on, and whose answers did not go back whole.</summary>
        public int LostEvents { get { return lostEvents; } }

        public int Played { get { return played; } }

        public void Dispose() { listener.Stop(); }

        private async Task ServeAsync()
        {
            while (true)
            {
                TcpClient client;
                try { client = await listener.AcceptTcpClientAsync(); }
                catch (Exception) { return; }
                _ = Task.Run(() => HandleAsync(client));
            }
        }

        private bool Draw()
        {
            lock (gate)
            {
                if (left <= 0 || random.NextDouble() >= rate) { return false; }
                left--;
                played++;
                return true;
            }
        }

        private async Task HandleAsync(TcpClient client)
        {
            using (client)
            {
                bool plays = fault != "" && Draw();
                try
                {
                    NetworkStream stream = client.GetStream();
                    if (plays && fault == "BeforeRequest") { Reset(client); return; }
                    byte[] buffer = new byte[64 * 1024];
                    var head = new MemoryStream();
                    int end;
                    while ((end = EndOfHead(head)) < 0)
                    {
                        int read = await stream.ReadAsync(buffer, 0, buffer.Length);
                        if (read == 0) { return; }
                        head.Write(buffer, 0, read);
                    }

                    string text = Encoding.ASCII.GetString(head.GetBuffer(), 0, end);
                    Match length = Regex.Match(text, @"(?im)^content-length:\s*(\d+)");
                    int bodyLength = length.Success ? int.Parse(length.Groups[1].Value) : 0;
                    var body = new MemoryStream();
                    body.Write(head.GetBuffer(), end + 4, (int)head.Length - end - 4);
                    while (body.Length < bodyLength)
                    {
                        if (plays && fault == "InBody" && body.Length > bodyLength / 3) { Reset(client); return; }
                        int read = await stream.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, bodyLength - body.Length));
                        if (read == 0) { return; }
                        body.Write(buffer, 0, read);
                    }

                    if (plays && (fault == "AfterBody" || fault == "InBody")) { Reset(client); return; }
                    if (plays && fault == "Stall") { await Task.Delay(Timeout.Infinite); }
                    if (plays && fault == "BadGateway")
                    {
                        byte[] bad = Encoding.ASCII.GetBytes("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                        await stream.WriteAsync(bad, 0, bad.Length);
                        return;
                    }

                    byte[] answer = await PassOnAsync(text, body.ToArray());
                    bool lost = plays && (fault == "LostAnswer" || fault == "CutAnswer");
                    if (lost) { Interlocked.Add(ref lostEvents, Regex.Matches(Encoding.UTF8.GetString(body.ToArray()), "\"span_id\"").Count); }
                    if (lost && fault == "LostAnswer") { Reset(client); return; }
                    await stream.WriteAsync(answer, 0, lost ? 12 : answer.Length);
                    if (lost) { Reset(client); return; }
                    client.Client.Shutdown(SocketShutdown.Send);
                    await stream.ReadAsync(buffer, 0, 1);
                }
                catch (Exception)
                {
                    // The client went away.
                }
            }
        }

        private async Task<byte[]> PassOnAsync(string head, byte[] body)
        {
            // As a proxy it is asked for whole addresses.
            head = Regex.Replace(head, "^(\\S+) http://[^/]+", "$1 ");
            head = Regex.Replace(head, "(?im)^(connection|proxy-connection):.*\r\n", "");
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(target.Host, target.Port);
                NetworkStream stream = client.GetStream();
                byte[] bytes = Encoding.ASCII.GetBytes(head + "\r\nConnection: close\r\n\r\n");
                await stream.WriteAsync(bytes, 0, bytes.Length);
                await stream.WriteAsync(body, 0, body.Length);
                var answer = new MemoryStream();
                await stream.CopyToAsync(answer);
                return answer.ToArray();
            }
        }

        private static void Reset(TcpClient client)
        {
            client.Client.LingerState = new LingerOption(true, 0);
            client.Close();
        }

        private static int EndOfHead(MemoryStream head)
        {
            return new ReadOnlySpan<byte>(head.GetBuffer(), 0, (int)head.Length).IndexOf(new byte[] { 13, 10, 13, 10 });
        }
    }

    /// <summary>What an emulator's journal holds: how many events, and how many different span ids.</summary>
    public static class StoredEvents
    {
        public static int[] Count(string journal, int expected)
        {
            var ids = new HashSet<string>();
            int all = 0;
            using (var file = new FileStream(Path.Combine(journal, "journal.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var reader = new StreamReader(file))
            {
                foreach (Match match in Regex.Matches(reader.ReadToEnd(), "\"span_id\":\"(s\\d+)\""))
                {
                    all++;
                    ids.Add(match.Groups[1].Value);
                }
            }

            int missing = 0;
            for (int number = 1; number <= expected; number++)
            {
                if (!ids.Contains("s" + number)) { missing++; }
            }

            return new[] { all, ids.Count, missing };
        }
    }
}
