using System.Net;

namespace LlmObs.Emulator.Http;

/// <summary>
/// Whether a Host header names this machine. A web page that has its own name resolve to 127.0.0.1 can reach a loopback
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
