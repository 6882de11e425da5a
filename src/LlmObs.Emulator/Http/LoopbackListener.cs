using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LlmObs.Emulator.Http;

/// <summary>
/// Listens on addresses that only this machine can reach. Plain sockets instead of <c>HttpListener</c>, which answers "200 OK"
/// on an aborted request if it runs on sockets itself, and needs registered addresses on Windows.
/// </summary>
internal sealed class LoopbackListener : IDisposable
{
    private const int Backlog = 512;

    private readonly List<Socket> _sockets = [];

    private LoopbackListener()
    {
    }

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>The listening sockets: 127.0.0.1, and ::1 if it is available, for clients that resolve localhost to it.</summary>
    public IReadOnlyList<Socket> Sockets => _sockets;

    /// <summary>Listens on a port, or on a free one.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <returns>The listener.</returns>
    /// <exception cref="EmulatorException">The port is out of range or taken.</exception>
    public static LoopbackListener Open(int port)
    {
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new EmulatorException(string.Create(
                CultureInfo.InvariantCulture, $"The port {port} is not between 0 and {IPEndPoint.MaxPort}."));
        }

        var listener = new LoopbackListener();
        try
        {
            listener.Listen(IPAddress.Loopback, port);
        }
        catch (SocketException failure)
        {
            listener.Dispose();
            throw new EmulatorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Port {port} can't be used on the loopback interface: {failure.Message}. Give another port, or 0 for a free one."),
                failure);
        }

        listener.Port = ((IPEndPoint)listener._sockets[0].LocalEndPoint!).Port;
        listener.TryListenOnIPv6();
        return listener;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private void TryListenOnIPv6()
    {
        try
        {
            if (Socket.OSSupportsIPv6)
            {
                Listen(IPAddress.IPv6Loopback, Port);
            }
        }
        catch (SocketException)
        {
            // Switched off, or the port is another program's there; 127.0.0.1 is enough.
        }
    }

    private void Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // Elsewhere this is how it is, and setting it would forbid a port that was in use a moment ago.
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        _sockets.Add(socket);
    }
}

/// <summary>
/// True if a Host header names this machine. A web page whose own name resolves to 127.0.0.1 can reach a loopback
/// port, but it can't forge this header.
/// </summary>
internal static class LoopbackHost
{
    public static bool Matches(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return false;
        }

        string name = WithoutPort(host);
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address));
    }

    private static string WithoutPort(string host)
    {
        if (host.StartsWith('['))
        {
            int end = host.IndexOf(']', StringComparison.Ordinal);
            bool isWhole = end > 0 && (end == host.Length - 1 || host[end + 1] == ':');
            return isWhole ? host[1..end] : host;
        }

        int colon = host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? host : host[..colon];
    }
}
