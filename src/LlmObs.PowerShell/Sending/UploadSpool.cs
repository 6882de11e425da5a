using System.Management.Automation;

namespace LlmObs.PowerShell.Sending;

/// <summary>Begins a run of the spool for each experiment that a call of Send-LlmObsEvent sends to.</summary>
/// <param name="folder">Where.</param>
/// <param name="client">The service that the events are for.</param>
/// <param name="how">How files are read.</param>
internal sealed class UploadSpool(SpoolFolder folder, LlmObsClient client, SpoolRecord how)
{
    public string FolderPath => folder.FolderPath;

    /// <exception cref="SpoolException">The folder can't be written.</exception>
    public void Begin(EventBatcher stream, EventDefaults defaults) => stream.KeepIn(folder.Begin(
        how with { ExperimentId = stream.ExperimentId, Address = AddressOf(client), Defaults = defaults },
        client.Options.Time.GetUtcNow()));

    /// <summary>Requests of this folder that are not answered, of this call and of others.</summary>
    /// <exception cref="SpoolException">The folder can't be read.</exception>
    public int CountLeft() => folder.CountRequests();

    public static string AddressOf(LlmObsClient client) => client.Options.BaseUri.AbsoluteUri;

    /// <summary>Whether events for an address may go to the present one; an emulator has another port each time.</summary>
    public static bool IsFor(string address, LlmObsClient client) =>
        address == AddressOf(client) || (client.Options.BaseUri.IsLoopback && Uri.TryCreate(address, UriKind.Absolute, out Uri? other) && other.IsLoopback);

    /// <summary>Says on the way out, when nothing can be written to the pipeline any more, where the rest is.</summary>
    public void SayWhatIsLeft(LlmObsCmdlet cmdlet)
    {
        int left;
        try
        {
            left = CountLeft();
        }
        catch (SpoolException e)
        {
            cmdlet.WarnOnTheWayOut($"Sending was stopped. {e.Message}.");
            return;
        }

        cmdlet.WarnOnTheWayOut(FormattableString.Invariant(
            $"Sending was stopped; {left} unanswered requests are kept in {folder.FolderPath}. Resume-LlmObsEvent sends them, and reads on where files were not read to their end."));
    }
}
