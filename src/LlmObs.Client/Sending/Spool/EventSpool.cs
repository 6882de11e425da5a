namespace LlmObs.Client.Sending.Spool;

/// <summary>Where an upload keeps its requests: it begins a run in a folder for each experiment that it sends to.</summary>
/// <param name="folder">The folder.</param>
/// <param name="how">How files are read.</param>
public sealed class EventSpool(SpoolFolder folder, SpoolManifest how)
{
    /// <summary>The folder's whole path.</summary>
    public string FolderPath => folder.FolderPath;

    /// <summary>Requests of this folder that are not answered, of this upload and of others.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="SpoolException">The folder can't be read.</exception>
    public int CountLeft() => folder.CountRequests();

    /// <summary>The address that events of a run are for.</summary>
    /// <param name="client">The service.</param>
    /// <returns>The address as a run keeps it.</returns>
    public static string AddressOf(LlmObsClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Options.BaseUri.AbsoluteUri;
    }

    /// <summary>Whether events for an address may go to the present one; an emulator has another port each time.</summary>
    /// <param name="address">The address that a run keeps.</param>
    /// <param name="client">The present service.</param>
    /// <returns>True if it is the same service.</returns>
    public static bool IsFor(string address, LlmObsClient client) => address == AddressOf(client)
        || (client.Options.BaseUri.IsLoopback && Uri.TryCreate(address, UriKind.Absolute, out Uri? other) && other.IsLoopback);

    /// <exception cref="SpoolException">The folder can't be written.</exception>
    internal void Begin(LlmObsClient client, EventBatcher batcher, EventDefaults defaults) => batcher.KeepIn(folder.Begin(
        how with { ExperimentId = batcher.ExperimentId, Address = AddressOf(client), Defaults = defaults },
        client.Options.Time.GetUtcNow()));
}
