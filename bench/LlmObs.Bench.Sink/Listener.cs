using System.Net;
using System.Net.Sockets;

namespace LlmObs.Bench.Sink;

/// <summary>Accepts connections on loopback; each has a thread of its own, which costs less than anything cleverer.</summary>
internal static class Listener
{
    public static int Start(SinkState state)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        new Thread(() => AcceptAll(listener, state)) { IsBackground = true }.Start();
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private static void AcceptAll(Socket listener, SinkState state)
    {
        while (true)
        {
            Socket socket = listener.Accept();
            socket.NoDelay = true;
            new Thread(() => new Connection(socket, state).Run()) { IsBackground = true }.Start();
        }
    }
}
