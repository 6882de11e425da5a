namespace LlmObs.PowerShell.Session;

/// <summary>An emulator of this process.</summary>
internal sealed class RunningEmulator(EmulatorServer server, EmulatorKeys keys, string? path, string profileName, Uri? previousBaseUri)
{
    public EmulatorServer Server { get; } = server;

    public string ProfileName { get; } = profileName;

    /// <summary>Whether requests need a key or a token; else any are taken, and none.</summary>
    public bool ChecksKeys { get; } = keys != new EmulatorKeys();

    /// <summary>What the profile's base address was, to be put back.</summary>
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
