using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <content>Pages for a browser.</content>
internal static partial class Failures
{
    /// <summary>An object without a page.</summary>
    /// <param name="given">The object.</param>
    public static ErrorRecord NothingToShow(object given, Type type) => InvalidValue(
        $"An object of the type {type.Name} is neither a page nor an experiment.",
        given,
        "Give the page that Export-LlmObsReport wrote, or an experiment: an object, its id or its name.");

    /// <summary>A file that is not a page; it is not opened.</summary>
    public static ErrorRecord NotAPage(string path) => InvalidValue(
        $"The file '{path}' is not a page for a browser: its name does not end in .html.", path, "Write the report as a page: Export-LlmObsReport ... report.html.");

    /// <summary>More experiments than one page compares.</summary>
    public static ErrorRecord TooManyToShow(int count) => Make(
        FormattableString.Invariant($"{count} experiments were given, but at most two can be shown side by side."),
        "TooManyRuns",
        ErrorCategory.InvalidArgument,
        null,
        "Give one, or two to compare; without any, the page lists all.");

    /// <summary>Experiments of different emulators.</summary>
    public static ErrorRecord ShownApart() => InvalidValue(
        "The two experiments are in different emulators, but an emulator shows only its own.",
        null,
        "Compare them with Export-LlmObsReport -Baseline, and show its page.");

    /// <summary>No emulator that could show a page.</summary>
    /// <param name="port">The port that was searched; null for any.</param>
    public static ErrorRecord NoEmulatorToShow(int? port) => Make(
        port is null ? "No emulator of this session runs, so there is no page to show." : FormattableString.Invariant($"No emulator of this session listens on port {port}."),
        "EmulatorNotFound",
        ErrorCategory.ObjectNotFound,
        port,
        "Start one with Start-LlmObsEmulator, or name a page that Export-LlmObsReport wrote.");

    /// <summary>An emulator that gives nothing out without keys.</summary>
    public static ErrorRecord EmulatorShowsNothing(Uri address) => Make(
        $"The emulator at {address} asks for keys, which a browser does not send, so it shows no pages.",
        "EmulatorShowsNothing",
        ErrorCategory.PermissionDenied,
        address.Port,
        "Start it without -ApiKey, -AppKey and -AccessToken, or write a page with Export-LlmObsReport.");

    /// <summary>A system without a browser.</summary>
    public static ErrorRecord BrowserNotStarted(Exception reason, Uri address) => Make(
        reason,
        $"No browser could be started for {address}: {reason.Message.TrimEnd('.')}.",
        "BrowserNotStarted",
        ErrorCategory.OpenError,
        address,
        "Open the address yourself; Show-LlmObsReport -PassThru writes it.");
}
