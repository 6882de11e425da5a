// Compiled by pwsh (Add-Type): a relay between the module and the emulator, which breaks things that HTTP and the emulator never would.
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
    /// A relay of one request per connection. For each it draws whether to play one of its faults: BeforeRequest (reset at once),
    /// InBody (reset in the middle of the request), AfterBody (reset once all of it was read, and not passed on), LostAnswer
    /// (passed on, and reset instead of the answer), CutAnswer (passed on, and the first bytes of the answer), SlowAnswer (passed
    /// on and answered, after 30 s of the clock), Stall (neither passed on nor answered within the limit), LateAnswer (passed on, and
    /// the limit runs out before the answer), BadGateway (502, not passed on).
    /// </summary>
    public sealed class FaultyRelay : IDisposable
    {
        private readonly Uri target;
        private readonly string[] faults;
        private readonly double rate;
        private readonly WaitlessTime time;
        private readonly TimeSpan limit;
        private readonly Random random = new Random(7);
        private readonly object gate = new object();
        private readonly List<KeyValuePair<string, string>> passed = new List<KeyValuePair<string, string>>();
        private TcpListener listener;
        private int lostEvents;
        private int played;

        /// <param name="target">The address that requests are passed on to.</param>
        /// <param name="faults">The faults, with commas between them; one is drawn each time.</param>
        /// <param name="rate">The share of requests that meet one.</param>
        /// <param name="time">The clock of stalls.</param>
        /// <param name="limitSec">The time limit of attempts.</param>
        public FaultyRelay(string target, string faults, double rate, WaitlessTime time, double limitSec)
        {
            this.target = new Uri(target);
            this.faults = faults.Split(new[] { ',' }, StringSplitOptions.RemoveEmptyEntries);
            this.rate = rate;
            this.time = time;
            limit = TimeSpan.FromSeconds(limitSec);
            listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            BaseUri = "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port + "/";
            Task.Run(() => ServeAsync(listener));
        }

        public string BaseUri { get; private set; }

        /// <summary>The events that were stored, and whose answers did not go back whole.</summary>
        public int LostEvents { get { return Volatile.Read(ref lostEvents); } }

        /// <summary>The requests that were passed on: each its first line and its body.</summary>
        public KeyValuePair<string, string>[] Passed
        {
            get { lock (passed) { return passed.ToArray(); } }
        }

        public int Played { get { return Volatile.Read(ref played); } }

        public void Dispose() { listener.Stop(); }

        /// <summary>Refuses connections until so much was waited on the clock.</summary>
        public void CloseFor(TimeSpan duration)
        {
            int port = new Uri(BaseUri).Port;
            listener.Stop();
            time.At(duration, () =>
            {
                listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                Task.Run(() => ServeAsync(listener));
            });
        }

        private async Task ServeAsync(TcpListener open)
        {
            while (true)
            {
                TcpClient client;
                try { client = await open.AcceptTcpClientAsync(); }
                catch (Exception) { return; }
                _ = Task.Run(() => HandleAsync(client));
            }
        }

        private string Draw()
        {
            lock (gate)
            {
                if (faults.Length == 0 || random.NextDouble() >= rate) { return ""; }
                played++;
                return faults[random.Next(faults.Length)];
            }
        }

        private async Task HandleAsync(TcpClient client)
        {
            using (client)
            {
                string fault = Draw();
                try
                {
                    NetworkStream stream = client.GetStream();
                    if (fault == "BeforeRequest") { Reset(client); return; }
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
                    if (Regex.IsMatch(text, @"(?im)^expect:\s*100")) { await WriteAsync(stream, "HTTP/1.1 100 Continue\r\n\r\n"); }
                    Match length = Regex.Match(text, @"(?im)^content-length:\s*(\d+)");
                    int bodyLength = length.Success ? int.Parse(length.Groups[1].Value) : 0;
                    var body = new MemoryStream();
                    body.Write(head.GetBuffer(), end + 4, (int)head.Length - end - 4);
                    while (body.Length < bodyLength)
                    {
                        if (fault == "InBody" && body.Length > bodyLength / 3) { break; }
                        int read = await stream.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, bodyLength - body.Length));
                        if (read == 0) { return; }
                        body.Write(buffer, 0, read);
                    }

                    if (fault == "AfterBody" || fault == "InBody") { Reset(client); return; }
                    if (fault == "BadGateway")
                    {
                        await WriteAsync(stream, "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                        await EndAsync(client, buffer);
                        return;
                    }

                    if (fault == "Stall")
                    {
                        time.Pass(limit);
                        await EndAsync(client, buffer);
                        return;
                    }

                    lock (passed) { passed.Add(new KeyValuePair<string, string>(text.Split('\r')[0], Encoding.UTF8.GetString(body.ToArray()))); }
                    byte[] answer = await PassOnAsync(text, body.ToArray());
                    if (answer.Length == 0) { Reset(client); return; } // the emulator has cut the connection
                    if (fault == "SlowAnswer") { time.Pass(TimeSpan.FromSeconds(30)); }
                    bool lost = fault == "LostAnswer" || fault == "CutAnswer" || fault == "LateAnswer";
                    if (lost && Encoding.ASCII.GetString(answer, 0, 12) == "HTTP/1.1 202")
                    {
                        Interlocked.Add(ref lostEvents, Regex.Matches(Encoding.UTF8.GetString(body.ToArray()), "\"span_id\"").Count);
                    }

                    if (fault == "LostAnswer") { Reset(client); return; }
                    if (fault == "LateAnswer")
                    {
                        time.Pass(limit);
                        await EndAsync(client, buffer);
                        return;
                    }

                    await stream.WriteAsync(answer, 0, lost ? 12 : answer.Length);
                    await EndAsync(client, buffer);
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
            head = Regex.Replace(head + "\r\n", "(?im)^(connection|proxy-connection|expect):.*\r\n", "");
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(target.Host, target.Port);
                NetworkStream stream = client.GetStream();
                await WriteAsync(stream, head + "Connection: close\r\n\r\n");
                await stream.WriteAsync(body, 0, body.Length);
                var answer = new MemoryStream();
                try { await stream.CopyToAsync(answer); }
                catch (IOException) { return new byte[0]; }
                return answer.ToArray();
            }
        }

        private static Task WriteAsync(NetworkStream stream, string text)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            return stream.WriteAsync(bytes, 0, bytes.Length);
        }

        // The client closes first, so that nothing which is on its way to it is lost.
        private static async Task EndAsync(TcpClient client, byte[] buffer)
        {
            client.Client.Shutdown(SocketShutdown.Send);
            while (await client.GetStream().ReadAsync(buffer, 0, buffer.Length) > 0) { }
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
}
