using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace LlmObs.PowerShell.Running;

/// <summary>A variable or a function of the user's session that a script uses.</summary>
/// <param name="User">The script, as the beginning of a sentence.</param>
/// <param name="Name">The name, without <c>$</c>.</param>
/// <param name="IsFunction">True for a function.</param>
internal sealed record OutsideName(string User, string Name, bool IsFunction)
{
    /// <summary>The names that a script uses.</summary>
    public static IEnumerable<OutsideName> Of(string user, ScriptReading reading, SessionState session) =>
        reading.VariablesOf(session).Select(name => new OutsideName(user, name, IsFunction: false))
            .Concat(reading.FunctionsOf(session).Select(name => new OutsideName(user, name, IsFunction: true)));

    /// <summary>True if a runspace has it, too: by its preparation, or as one of PowerShell's own.</summary>
    public bool IsIn(Runspace runspace) => IsFunction
        ? runspace.SessionStateProxy.InvokeProvider.Item.Exists(ScriptReading.PathOf(Name)) || runspace.SessionStateProxy.InvokeCommand.GetCommand(Name, CommandTypes.All) is not null
        : runspace.SessionStateProxy.PSVariable.Get(Name) is not null;
}
