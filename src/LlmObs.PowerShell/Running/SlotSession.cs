using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace LlmObs.PowerShell.Running;

/// <summary>What the runspace of a slot begins with.</summary>
internal static class SlotSession
{
    // The module is there without the time that importing it takes in each runspace.
    private static readonly SessionStateCmdletEntry[] Cmdlets =
    [
        new(SlotCommand.Name, typeof(SlotCommand), null),
        .. from type in typeof(SlotSession).Assembly.GetExportedTypes()
           let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
           where cmdlet is not null
           select new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, null),
    ];

    /// <param name="isVerbose">Whether verbose lines are shown.</param>
    /// <param name="functions">The names of functions, and their text.</param>
    public static InitialSessionState Make(bool isVerbose, IReadOnlyDictionary<string, string> functions)
    {
        // Includes PowerShell's own commands: loading them as modules in each runspace takes most of the time of opening one.
        InitialSessionState state = InitialSessionState.CreateDefault();
        state.Commands.Add(Cmdlets);
        state.Commands.Add(functions.Select(function => new SessionStateFunctionEntry(function.Key, function.Value)));
        state.Variables.Add(new SessionStateVariableEntry("ErrorActionPreference", ActionPreference.Stop, string.Empty));
        state.Variables.Add(new SessionStateVariableEntry("PSNativeCommandUseErrorActionPreference", true, string.Empty));
        state.Variables.Add(new SessionStateVariableEntry("ProgressPreference", ActionPreference.SilentlyContinue, string.Empty));
        state.Variables.Add(new SessionStateVariableEntry("VerbosePreference", isVerbose ? ActionPreference.Continue : ActionPreference.SilentlyContinue, string.Empty));
        return state;
    }
}
