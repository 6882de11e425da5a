using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace LlmObs.Client.Http;

/// <summary>The one handler chain of a client: keys, then sockets. Connections are shared by all its calls.</summary>
internal sealed class HttpClients : IDisposable
{
    private const string Name = "LlmObs";

    private readonly ServiceProvider _services;

    public HttpClients(ClientOptions options)
    {
        var collection = new ServiceCollection();
        collection.AddHttpClient(Name, client => Configure(client, options))
            .ConfigurePrimaryHttpMessageHandler(() => MakeSockets(options))
            .AddHttpMessageHandler(() => new KeyHandler(options))
            .AddHttpMessageHandler(() => new UnpackHandler())
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        _services = collection.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
    }

    /// <summary>For all requests, from any thread.</summary>
    public HttpClient Client { get; }

    /// <summary>The proxy that requests go through: the one that was given, else the system's, else none.</summary>
    public static Uri? ProxyOf(ClientOptions options)
    {
        if (options.Proxy is not null || options.BaseUri.IsLoopback)
        {
            return options.Proxy is Uri given && MayPass(given, options.BaseUri) ? given : null;
        }

        IWebProxy system = HttpClient.DefaultProxy;
        return system.IsBypassed(options.BaseUri) || system.GetProxy(options.BaseUri) is not Uri proxy || proxy == options.BaseUri ? null : proxy;
    }

    public void Dispose() => _services.Dispose();

    private static void Configure(HttpClient client, ClientOptions options)
    {
        client.BaseAddress = options.BaseUri;
        client.Timeout = Timeout.InfiniteTimeSpan; // each attempt has its own limit
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        client.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
    }

    private static SocketsHttpHandler MakeSockets(ClientOptions options) => new()
    {
        // .NET drops Authorization on the way to another host, but not DD-API-KEY.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = options.Proxy is null ? null : new WebProxy(options.Proxy),
        UseProxy = options.Proxy is Uri proxy ? MayPass(proxy, options.BaseUri) : !options.BaseUri.IsLoopback,
    };

    // What goes to this machine in clear text, keys and all, must not make a way over another machine.
    private static bool MayPass(Uri proxy, Uri target) => target.Scheme == Uri.UriSchemeHttps || proxy.IsLoopback;
}

/// <summary>Adds the keys, or the token in their place, to requests for the configured address, and to no others.</summary>
internal sealed class KeyHandler(ClientOptions options) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (options.BaseUri.IsBaseOf(request.RequestUri!))
        {
            Add(request, "DD-API-KEY", options.ApiKey);
            Add(request, "DD-APPLICATION-KEY", options.AppKey);
            Add(request, "Authorization", options.AccessToken, "Bearer ");
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static void Add(HttpRequestMessage request, string header, Secret? key, string prefix = "")
    {
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(header, prefix + key.Reveal());
        }
    }
}

/// <summary>
/// Asks for gzip, and unpacks the answer. Only gzip shows if a body was complete: .NET accepts a truncated one as
/// complete, and half an export would replace a file. Other encodings are not requested, but unpacked if they arrive.
/// </summary>
internal sealed class UnpackHandler : DelegatingHandler
{
    private static readonly string[] Known = ["gzip", "deflate", "br"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentEncoding.LastOrDefault()?.ToLowerInvariant() is string encoding && Known.Contains(encoding))
        {
            response.Content = new UnpackedContent(response.Content, encoding);
        }

        return response;
    }

    private sealed class UnpackedContent : HttpContent
    {
        private readonly HttpContent _packed;
        private readonly string _encoding;

        public UnpackedContent(HttpContent packed, string encoding)
        {
            _packed = packed;
            _encoding = encoding;
            foreach ((string name, IEnumerable<string> values) in packed.Headers.NonValidated.Select(header => (header.Key, (IEnumerable<string>)header.Value)))
            {
                Headers.TryAddWithoutValidation(name, values);
            }

            Headers.ContentLength = null;
            Headers.ContentEncoding.Clear();
            foreach (string outer in packed.Headers.ContentEncoding.SkipLast(1))
            {
                Headers.ContentEncoding.Add(outer);
            }
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            using Stream body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        {
            Stream body = await _packed.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return _encoding switch
            {
                "gzip" => new WholeGzipStream(body),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                _ => await DeflatedAsync(body, cancellationToken).ConfigureAwait(false),
            };
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _packed.Dispose();
            }

            base.Dispose(disposing);
        }

        // The name means two formats, and servers send either; the first has a header that begins so.
        private static async Task<Stream> DeflatedAsync(Stream body, CancellationToken cancellation)
        {
            byte[] first = new byte[1];
            int read = await body.ReadAsync(first, cancellation).ConfigureAwait(false);
            var whole = new PrefixedStream(first.AsMemory(0, read), body);
            return read > 0 && (first[0] & 0x0F) == 8
                ? new ZLibStream(whole, CompressionMode.Decompress)
                : new DeflateStream(whole, CompressionMode.Decompress);
        }
    }
}
