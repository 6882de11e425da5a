// Compiled by pwsh (Add-Type): a TLS server on loopback with a self-signed certificate.
using System;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace LlmObs.Testing
{
    public sealed class SelfSignedServer : IDisposable
    {
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly X509Certificate2 certificate;
        private int connections;
        private int received;

        public SelfSignedServer()
        {
            using (RSA key = RSA.Create(2048))
            {
                var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName("localhost");
                names.AddIpAddress(IPAddress.Loopback);
                request.CertificateExtensions.Add(names.Build());
                using (X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)))
                {
                    // Windows' TLS needs a key that it can find again.
                    certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
                }
            }

            listener.Start();
            BaseUri = "https://localhost:" + ((IPEndPoint)listener.LocalEndpoint).Port + "/";
            Task.Run(ServeAsync);
        }

        public string BaseUri { get; private set; }

        public int Connections { get { return Volatile.Read(ref connections); } }

        /// <summary>Bytes that came in over a connection that its client trusted.</summary>
        public int ReceivedBytes { get { return Volatile.Read(ref received); } }

        public void Dispose() { listener.Stop(); certificate.Dispose(); }

        private async Task ServeAsync()
        {
            while (true)
            {
                TcpClient client;
                try { client = await listener.AcceptTcpClientAsync(); }
                catch (Exception) { return; }
                Interlocked.Increment(ref connections);
                _ = Task.Run(() => HandleAsync(client));
            }
        }

        private async Task HandleAsync(TcpClient client)
        {
            using (client)
            using (var stream = new SslStream(client.GetStream()))
            {
                try
                {
                    await stream.AuthenticateAsServerAsync(certificate);
                    var buffer = new byte[4096];
                    for (int read; (read = await stream.ReadAsync(buffer, 0, buffer.Length)) > 0;) { Interlocked.Add(ref received, read); }
                }
                catch (Exception)
                {
                    // The client does not trust it: that is what the test is about.
                }
            }
        }
    }
}
