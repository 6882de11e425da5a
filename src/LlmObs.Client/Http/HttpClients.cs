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
