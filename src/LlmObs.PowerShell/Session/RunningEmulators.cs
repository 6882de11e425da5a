namespace LlmObs.PowerShell.Session;

/// <summary>The emulators that run in this process, and the base addresses that they took the place of.</summary>
internal static class RunningEmulators
{
    private static readonly Lock Gate = new();
    private static readonly List<RunningEmulator> Running = [];

    public static IReadOnlyList<RunningEmulator> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Running];
            }
        }
    }

    /// <summary>The emulator that answers at an address; null if none of this process does.</summary>
    public static RunningEmulator? At(Uri? address)
    {
        lock (Gate)
        {
            return Running.Find(emulator => emulator.Server.BaseUri == address);
        }
    }

    public static RunningEmulator Add(EmulatorServer server, EmulatorKeys keys, string? path, string profileName)
    {
        lock (Gate)
        {
            Uri? previous = SessionProfiles.Find(profileName)?.BaseUri;
            SessionProfiles.Change(profileName, profile => profile with { BaseUri = server.BaseUri });
            var emulator = new RunningEmulator(server, keys, path, profileName, previous);
            Running.Add(emulator);
            return emulator;
        }
    }

    /// <summary>Removes an emulator from the list and restores its profile; the server itself is still to be stopped.</summary>
    public static bool Remove(RunningEmulator emulator)
    {
        lock (Gate)
        {
            if (!Running.Remove(emulator))
            {
                return false;
            }

            // An emulator that was started after this one must not restore this one's address.
            foreach (RunningEmulator later in Running.Where(other => other.PreviousBaseUri == emulator.Server.BaseUri))
            {
                later.PreviousBaseUri = emulator.PreviousBaseUri;
            }

            if (SessionProfiles.Find(emulator.ProfileName)?.BaseUri == emulator.Server.BaseUri)
            {
                SessionProfile left = SessionProfiles.Change(emulator.ProfileName, profile => profile with { BaseUri = emulator.PreviousBaseUri });
                if (left.IsEmpty)
                {
                    SessionProfiles.Remove(emulator.ProfileName);
                }
            }

            return true;
        }
    }

    /// <summary>Ends all emulators without waiting for their last answers: the module is going away.</summary>
    public static void StopAll()
    {
        foreach (RunningEmulator emulator in All)
        {
            if (Remove(emulator))
            {
                _ = emulator.Server.DisposeAsync().AsTask();
            }
        }
    }
}

/// <summary>An emulator of this process.</summary>
internal sealed class RunningEmulator(EmulatorServer server, EmulatorKeys keys, string? path, string profileName, Uri? previousBaseUri)
{
    public EmulatorServer Server { get; } = server;

    public string ProfileName { get; } = profileName;

    /// <summary>True if requests need a key or a token; else any are taken, and none.</summary>
    public bool ChecksKeys { get; } = keys != new EmulatorKeys();

    /// <summary>The profile's previous base address, to be restored.</summary>
    public Uri? PreviousBaseUri { get; set; } = previousBaseUri;

    public EmulatorInfo ToInfo() => new()
    {
        Port = Server.Port,
        BaseUri = Server.BaseUri,
        ProfileName = ProfileName,
        Path = path,
        ProjectCount = Server.Store.Projects.Count,
        DatasetCount = Server.Store.Datasets.Count,
        ExperimentCount = Server.Store.Experiments.Count,
        SpanCount = Server.Store.SpanCount,
        MetricCount = Server.Store.MetricCount,
        RequestCount = Server.RequestCount,
    };
}
