using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>
/// The base of all cmdlets of the module: they can be stopped at once, clean up however they end, and show no text that a
/// build agent or a terminal could take for a command. The Write members hide PowerShell's own: all messages
/// pass through <see cref="HostSafeText"/>, while objects are written unchanged.
/// </summary>
public abstract class LlmObsCmdlet : PSCmdlet, IDisposable
{
    private readonly AsyncPipelineBridge _bridge;

    private protected LlmObsCmdlet() => _bridge = new AsyncPipelineBridge(this);

    private protected AsyncPipelineBridge Bridge => _bridge;

    /// <summary>Parameters on the command line, as opposed to those from piped objects.</summary>
    private protected IReadOnlySet<string> CommandLine { get; private set; } = new HashSet<string>();

    /// <summary>True if anybody sees lines of -Verbose; most calls need not make them.</summary>
    internal bool ShowsVerbose { get; private set; }

    /// <summary>True if anybody sees lines of -Debug.</summary>
    internal bool ShowsDebug { get; private set; }

    /// <summary>Whether an error was written: what follows from it needs no warning of its own.</summary>
    private protected bool HasWrittenError { get; private set; }

    internal new void WriteError(ErrorRecord errorRecord)
    {
        HasWrittenError = true;
        base.WriteError(HostSafeError.Of(errorRecord));
    }

    internal new void WriteWarning(string text) => base.WriteWarning(HostSafeText.Of(text));

    internal new void WriteDebug(string text) => base.WriteDebug(HostSafeText.Of(text));

    internal new void WriteVerbose(string text)
    {
        // With -Debug alone, PowerShell stops at each verbose line to ask; debug output has the same content.
        if (Switch("Debug") != true || Switch("Verbose") is not null)
        {
            base.WriteVerbose(HostSafeText.Of(text));
        }
    }

    /// <summary>Warns when nothing can be written to the pipeline any more, because it was stopped.</summary>
    internal void WarnOnTheWayOut(string text)
    {
        try
        {
            Host?.UI?.WriteWarningLine(HostSafeText.Of(text));
        }
        catch (Exception e) when (e is HostException or NotImplementedException or InvalidOperationException)
        {
            // A host that shows nothing.
        }
    }

    internal new void WriteProgress(ProgressRecord progressRecord)
    {
        progressRecord.Activity = HostSafeText.OneLine(progressRecord.Activity);
        progressRecord.StatusDescription = HostSafeText.OneLine(progressRecord.StatusDescription);
        base.WriteProgress(progressRecord);
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal new void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        base.ThrowTerminatingError(HostSafeError.Of(errorRecord));
        throw new PipelineStoppedException(); // never reached: the line above does not return
    }

    internal new bool ShouldProcess(string target, string action) => base.ShouldProcess(HostSafeText.Of(target), action);

    internal new bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        base.ShouldProcess(HostSafeText.Of(verboseDescription), HostSafeText.Of(verboseWarning), caption);

    /// <inheritdoc/>
    public void Dispose()
    {
        OnDispose();
        _bridge.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        CommandLine = MyInvocation.BoundParameters.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        ShowsDebug = IsShown("Debug");
        ShowsVerbose = IsShown("Verbose");
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _bridge.Stop();

    private protected virtual void OnDispose()
    {
    }

    /// <summary>
    /// Asks before a write, if -WhatIf, -Confirm or the session's preferences require it. Describing a request costs time
    /// and memory, so it is described only if somebody reads it.
    /// </summary>
    internal bool ShouldSend(Func<string> describe, string caption)
    {
        if (!IsWatched)
        {
            return true;
        }

        string description = describe();
        return ShouldProcess(description, description + Environment.NewLine + "Send it?", caption);
    }

    /// <summary>True if the first error ends the command, as under -ErrorAction Stop.</summary>
    internal bool EndsAtErrors => LanguagePrimitives.TryConvertTo(
        MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object? given) ? given : GetVariableValue("ErrorActionPreference"),
        out ActionPreference preference) && preference == ActionPreference.Stop;

    /// <summary>True if nothing is to be sent.</summary>
    internal bool IsWhatIf => Switch("WhatIf") ?? LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>True if a write needs a confirmation, or is only shown.</summary>
    internal bool IsWatched => IsWhatIf || (Switch("Confirm")
        ?? (LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact preference)
            && preference is not ConfirmImpact.None && preference <= Impact));

    private ConfirmImpact Impact => GetType().GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact;

    private bool IsShown(string stream) => Switch(stream)
        ?? (LanguagePrimitives.TryConvertTo(GetVariableValue(stream + "Preference"), out ActionPreference preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));

    private bool? Switch(string name) =>
        MyInvocation.BoundParameters.TryGetValue(name, out object? given) ? LanguagePrimitives.IsTrue(given) : null;
}

/// <summary>Says each request and each retry as a line of -Verbose, and with its headers under -Debug.</summary>
internal class VerboseObserver(AsyncPipelineBridge bridge) : IRequestObserver
{
    public bool WantsHeaders => bridge.ShowsDebug;

    public void OnAttempt(HttpAttemptInfo attempt)
    {
        if (bridge.ShowsVerbose)
        {
            bridge.Post(cmdlet => cmdlet.WriteVerbose(attempt.ToString()));
        }

        if (bridge.ShowsDebug)
        {
            bridge.Post(cmdlet => cmdlet.WriteDebug(attempt.ToDetails()));
        }
    }
}
