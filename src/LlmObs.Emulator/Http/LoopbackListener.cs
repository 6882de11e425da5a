using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LlmObs.Emulator.Http;

/// <summary>Opens an <see cref="HttpListener"/> that only this machine can reach.</summary>
internal static class LoopbackListener
{
    private const int Attempts = 20;

    /// <summary>Listens on a port, or on a free one.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <returns>The started listener and its port.</returns>
    /// <exception cref="EmulatorException">The port is out of range or taken.</exception>
    public static (HttpListener Listener, int Port) Open(int port)
    {
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new EmulatorException(string.Create(
                CultureInfo.InvariantCulture, $"The port {port} is not between 0 and {IPEndPoint.MaxPort}."));
        }

        if (port != 0)
        {
            return (TryOpen(port, out Exception? error) ?? throw InUse(port, error), port);
        }

        // HttpListener can't pick a port itself, so another program may take the free one in between.
        Exception? last = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int free = FreePort();
            if (TryOpen(free, out last) is { } listener)
            {
                return (listener, free);
            }
        }

        throw new EmulatorException("No free port was found on the loopback interface.", last!);
    }

    private static HttpListener? TryOpen(int port, out Exception? error)
    {
        // Where localhost means an address that can't be bound (IPv6 switched off), 127.0.0.1 alone has to do.
        return TryStart(port, ["127.0.0.1", "localhost"], out error) ?? TryStart(port, ["127.0.0.1"], out error);
    }

    private static HttpListener? TryStart(int port, string[] hosts, out Exception? error)
    {
        var listener = new HttpListener { IgnoreWriteExceptions = true };
        foreach (string host in hosts)
        {
            listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/"));
        }

        try
        {
            listener.Start();
            error = null;
            return listener;
        }
        catch (Exception failure) when (failure is HttpListenerException or SocketException)
        {
            listener.Close();
            error = failure;
            return null;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static EmulatorException InUse(int port, Exception? error) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Port {port} can't be used on the loopback interface: {error?.Message} Give another port, or 0 for a free one."),
        error!);
}
