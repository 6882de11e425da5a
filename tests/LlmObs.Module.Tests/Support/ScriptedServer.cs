// Compiled by pwsh (Add-Type): a service on loopback whose answers a test writes, and which keeps what reached it.
using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace LlmObs.Testing
{
    public sealed class ScriptedRequest
    {
        public string Method;
        public string Path;
        public Dictionary<string, string> Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        public string Body = "";
    }

    /// <summary>Speaks HTTP/1.1 over plain sockets, one request a connection, so that it can also break off where HTTP never would.</summary>
    public sealed class ScriptedServer : IDisposable
    {
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<Step> script = new ConcurrentQueue<Step>();
        private readonly List<ScriptedRequest> requests = new List<ScriptedRequest>();

        public ScriptedServer()
        {
            listener.Start();
            BaseUri = "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port + "/";
            Task.Run(ServeAsync);
        }

        public string BaseUri { get; private set; }

        /// <summary>The requests so far. Index -1 in PowerShell is the last one.</summary>
        public ScriptedRequest[] Requests
        {
            get { lock (requests) { return requests.ToArray(); } }
        }

        /// <summary>The next answer; after the last one of a script comes 202 with nothing.</summary>
        public ScriptedServer Answer(int status, string body, IDictionary headers, int delayMs)
        {
            script.Enqueue(new Step { Status = status, Body = body ?? "", Headers = headers, DelayMs = delayMs });
            return this;
        }

        public ScriptedServer Answer(int status, string body) { return Answer(status, body, null, 0); }

        public ScriptedServer Answer(int status) { return Answer(status, "", null, 0); }

        /// <summary>The next connection is cut instead of an answer.</summary>
        public ScriptedServer Drop()
        {
            script.Enqueue(new Step { Cut = true });
            return this;
        }

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

        private async Task HandleAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    NetworkStream stream = client.GetStream();
                    ScriptedRequest request = await ReadAsync(stream);
                    lock (requests) { requests.Add(request); }
                    Step step;
                    if (!script.TryDequeue(out step)) { step = new Step { Status = 202 }; }
                    if (step.DelayMs > 0) { await Task.Delay(step.DelayMs); }
                    if (step.Cut) { client.Client.LingerState = new LingerOption(true, 0); return; }
                    byte[] answer = step.ToBytes();
                    await stream.WriteAsync(answer, 0, answer.Length);
                }
                catch (Exception)
                {
                    // The client went away: that is what some tests are about.
                }
            }
        }

        private static async Task<ScriptedRequest> ReadAsync(Stream stream)
        {
            var head = new MemoryStream();
            var one = new byte[1];
            while (!EndsHead(head))
            {
                if (await stream.ReadAsync(one, 0, 1) == 0) { throw new EndOfStreamException(); }
                head.WriteByte(one[0]);
            }

            string[] lines = Encoding.ASCII.GetString(head.ToArray()).Split(new[] { "\r\n" }, StringSplitOptions.RemoveEmptyEntries);
            string[] first = lines[0].Split(' ');
            var request = new ScriptedRequest { Method = first[0], Path = first[1] };
            for (int i = 1; i < lines.Length; i++)
            {
                int colon = lines[i].IndexOf(':');
                request.Headers[lines[i].Substring(0, colon)] = lines[i].Substring(colon + 1).Trim();
            }

            string length;
            if (request.Headers.TryGetValue("Content-Length", out length))
            {
                var body = new byte[int.Parse(length)];
                for (int read = 0; read < body.Length;)
                {
                    int count = await stream.ReadAsync(body, read, body.Length - read);
                    if (count == 0) { throw new EndOfStreamException(); }
                    read += count;
                }

                request.Body = new UTF8Encoding(false).GetString(body);
            }

            return request;
        }

        private static bool EndsHead(MemoryStream head)
        {
            byte[] bytes = head.GetBuffer();
            long n = head.Length;
            return n >= 4 && bytes[n - 4] == '\r' && bytes[n - 3] == '\n' && bytes[n - 2] == '\r' && bytes[n - 1] == '\n';
        }

        private sealed class Step
        {
            public int Status;
            public string Body = "";
            public IDictionary Headers;
            public int DelayMs;
            public bool Cut;

            public byte[] ToBytes()
            {
                byte[] body = new UTF8Encoding(false).GetBytes(Body);
                var head = new StringBuilder("HTTP/1.1 " + Status + " Scripted\r\nConnection: close\r\n");
                if (Headers == null || !Headers.Contains("Content-Type")) { head.Append("Content-Type: application/vnd.api+json\r\n"); }
                head.Append("Content-Length: " + body.Length + "\r\n");
                foreach (object name in Headers == null ? new object[0] : Headers.Keys) { head.Append(name + ": " + Headers[name] + "\r\n"); }
                head.Append("\r\n");
                var all = new MemoryStream();
                byte[] text = Encoding.ASCII.GetBytes(head.ToString());
                all.Write(text, 0, text.Length);
                all.Write(body, 0, body.Length);
                return all.ToArray();
            }
        }
    }
}
