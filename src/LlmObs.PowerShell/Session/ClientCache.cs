namespace LlmObs.PowerShell.Session;

/// <summary>
/// The clients of this process, one per profile, so that calls share their connections. When a
/// profile's settings change, its client is replaced; calls that still use it end as they began.
/// </summary>
internal static class ClientCache
{
    private static readonly Dictionary<string, Entry> Clients = new(StringComparer.OrdinalIgnoreCase);
    private static volatile TimeProvider _time = TimeProvider.System;

    /// <summary>The clock of waits and time limits.</summary>
    public static TimeProvider Time => _time;

    /// <summary>Gives new clients another clock, so that waits and time limits can be tested without waiting.</summary>
    public static void UseTime(TimeProvider clock)
    {
        _time = clock;
        lock (Clients)
        {
            Clients.Clear();
        }
    }

    public static LlmObsClient For(string profileName, Connection connection)
    {
        lock (Clients)
        {
            if (!Clients.TryGetValue(profileName, out Entry? present) || present.Connection != connection)
            {
                Clients[profileName] = present = new Entry(connection, new LlmObsClient(connection.ToOptions(_time)));
            }

            return present.Client;
        }
    }

    private sealed record Entry(Connection Connection, LlmObsClient Client);
}
