using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using LlmObs.Emulator.Experiments;

namespace LlmObs.PowerShell.Commands;

/// <summary>Opens a report in the browser: a page that Export-LlmObsReport wrote, or what an emulator of this session shows.</summary>
[Cmdlet(VerbsCommon.Show, "LlmObsReport")]
[OutputType(typeof(Uri))]
public sealed class ShowLlmObsReportCommand : LlmObsCmdlet
{
    private readonly List<(RunningEmulator Emulator, StoredExperiment Experiment)> _experiments = [];

    /// <summary>
    /// A page that Export-LlmObsReport wrote, or an experiment of an emulator: an object, its id or its name. Two experiments are
    /// compared. If nothing is given, the page that lists everything.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public object[] InputObject { get; set; } = [];

    /// <summary>The emulator on this port; if it is not given, the one that has the experiment, or was started last.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Writes the address, and opens nothing.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object given in InputObject)
        {
            object bare = given is PSObject wrapped ? wrapped.BaseObject : given;
            switch (bare)
            {
                case FileInfo file:
                    ShowFile(file.FullName);
                    break;
                case EmulatorInfo info when RunningEmulators.At(info.BaseUri) is RunningEmulator emulator:
                    Show(emulator, string.Empty);
                    break;
                case EmulatorInfo info:
                    WriteError(Failures.NoEmulatorToShow(info.Port));
                    break;
                case string text when FileSystemPath.TryResolve(SessionState, text, out string? path, out _) && File.Exists(path):
                    ShowFile(path);
                    break;
                case string text:
                    Find(text);
                    break;
                case ExperimentRun run:
                    Find(run.Experiment.Id);
                    break;
                default:
                    FindById(given);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_experiments.Count > 2)
        {
            WriteError(Failures.TooManyToShow(_experiments.Count));
        }
        else if (_experiments.Count > 0)
        {
            ShowExperiments();
        }
        else if (!MyInvocation.ExpectingInput && InputObject.Length == 0 && Emulators() is [.., RunningEmulator latest])
        {
            Show(latest, string.Empty);
        }
        else if (!MyInvocation.ExpectingInput && InputObject.Length == 0)
        {
            WriteError(Failures.NoEmulatorToShow(Port));
        }
    }

    private RunningEmulator[] Emulators() => [.. RunningEmulators.All.Where(emulator => Port is null || emulator.Server.Port == Port)];

    private void FindById(object given)
    {
        PSObject shown = PSObject.AsPSObject(given);
        PSPropertyInfo? property = shown.Properties["ExperimentId"] ?? shown.Properties["Id"];
        if (property is not null && LanguagePrimitives.TryConvertTo(property.Value, out string id) && id.Length > 0)
        {
            Find(id);
            return;
        }

        WriteError(Failures.NothingToShow(given, (given is PSObject wrapped ? wrapped.BaseObject : given).GetType()));
    }

    private void Find(string text)
    {
        // Of several with one name the newest is meant, as on the page.
        (RunningEmulator, StoredExperiment)[] found =
            [.. Emulators().SelectMany(emulator => emulator.Server.Store.Experiments.Where(one => one.DeletedAt is null).Select(one => (emulator, one)))];
        int index = Array.FindLastIndex(found, one => one.Item2.Id == text);
        index = index >= 0 ? index : Array.FindLastIndex(found, one => one.Item2.Name == text);
        index = index >= 0 ? index : Array.FindLastIndex(found, one => one.Item2.LogicalName == text);
        if (index >= 0)
        {
            _experiments.Add(found[index]);
            return;
        }

        WriteError(Failures.NotFound(
            $"There is no file '{text}', and no emulator of this session has an experiment with that id or name.",
            text,
            "Check the path. For an experiment of the service: Export-LlmObsReport $experiment report.html, then Show-LlmObsReport report.html."));
    }

    private void ShowExperiments()
    {
        RunningEmulator emulator = _experiments[0].Emulator;
        string[] ids = [.. _experiments.Select(one => Uri.EscapeDataString(one.Experiment.Id))];
        if (ids.Length == 1)
        {
            Show(emulator, $"experiments/{ids[0]}");
        }
        else if (_experiments[1].Emulator == emulator)
        {
            Show(emulator, $"compare?experiment={ids[0]}&experiment={ids[1]}");
        }
        else
        {
            WriteError(Failures.ShownApart());
        }
    }

    private void ShowFile(string path)
    {
        // What the system opens it with is up to its ending: nothing but a page goes to a browser, and nothing may run.
        if (Path.GetExtension(path).ToUpperInvariant() is not (".HTML" or ".HTM"))
        {
            WriteError(Failures.NotAPage(path));
            return;
        }

        Show(new Uri(path));
    }

    private void Show(RunningEmulator emulator, string path)
    {
        if (emulator.ChecksKeys)
        {
            WriteError(Failures.EmulatorShowsNothing(emulator.Server.BaseUri));
            return;
        }

        Show(new Uri(emulator.Server.BaseUri, path));
    }

    private void Show(Uri address)
    {
        if (PassThru)
        {
            WriteObject(address);
            return;
        }

        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or InvalidOperationException or FileNotFoundException)
        {
            WriteError(Failures.BrowserNotStarted(e, address));
        }
    }
}
