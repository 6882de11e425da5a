using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;
using System.Runtime.ConstrainedExecution;
using System.Security;
using System.Text.Json;

namespace LlmObs.PowerShell.Values;

/// <summary>Free-form values as PowerShell has them: PSObject on the way in, PSCustomObject on the way out.</summary>
internal sealed class PSObjectJson : HostObjectJson
{
    private const int FewMembers = 16; // up to here, comparing each with each is quicker than hashing

    private static readonly HashSet<string> Reserved = new(["psobject", "psbase", "psadapted", "psextended", "pstypenames"], StringComparer.OrdinalIgnoreCase);

    public static PSObjectJson Instance { get; } = new();

    public override object MakeObject(ReadOnlySpan<KeyValuePair<string, object?>> members)
    {
        if (!AreProperties(members))
        {
            return base.MakeObject(members);
        }

        PSObject made = WithRoomFor(members.Length);
        PSMemberInfoCollection<PSPropertyInfo> properties = made.Properties;
        foreach ((string name, object? value) in members)
        {
            properties.Add(new PSNoteProperty(name, value), preValidated: true); // else each name is looked for in PowerShell's tables of types
        }

        return made;
    }

    protected override object? Unwrap(object? value)
    {
        // PowerShell's "nothing" is itself a PSObject, with a custom object in it; a switch of a script is true or false.
        object? bare = ReferenceEquals(value, AutomationNull.Value) ? null : value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare is DBNull ? null : bare is SwitchParameter given ? given.IsPresent : bare;
    }

    // All custom objects have one and the same base object; each is its own wrapping.
    protected override object Identity(object value, object wrapped) => value is PSCustomObject ? wrapped : value;

    protected override IEnumerable<KeyValuePair<string, object?>>? Members(object value, object wrapped)
    {
        PSObject shown = wrapped as PSObject ?? PSObject.AsPSObject(wrapped);
        return value is PSCustomObject || IsData(value) ? Properties(shown) : null;
    }

    protected override bool IsStop(Exception exception) => exception is PipelineStoppedException || base.IsStop(exception);

    /// <summary>The base object of a PSObject, for a row's cell; a custom object stays wrapped, its properties are on the wrapping.</summary>
    public static object? UnwrapCell(object? value) => Instance.Unwrap(value);

    // Public in PowerShell 7, but not in the library that this is compiled against. Without room from the start, PowerShell keeps the
    // members of each object in one weak table, which every collection of garbage has to go through.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern PSObject WithRoomFor(int members);

    /// <summary>
    /// True if members can be properties, whose names ignore case, are not empty, and not those of PowerShell's own. JSON has none of these
    /// rules, and a dictionary holds any names. Of two with the same name the later one takes the place of the other.
    /// </summary>
    private static bool AreProperties(ReadOnlySpan<KeyValuePair<string, object?>> members)
    {
        HashSet<string>? names = members.Length > FewMembers ? new(members.Length, StringComparer.OrdinalIgnoreCase) : null;
        for (int place = 0; place < members.Length; place++)
        {
            string name = members[place].Key;
            if (name.Length == 0 || Reserved.Contains(name) || (Another(name, members[..place], names) is { } other && other != name))
            {
                return false;
            }

            names?.Add(name);
        }

        return true;
    }

    /// <summary>A name before this one that PowerShell takes for the same; null if there is none.</summary>
    private static string? Another(string name, ReadOnlySpan<KeyValuePair<string, object?>> before, HashSet<string>? names)
    {
        if (names is not null)
        {
            return names.TryGetValue(name, out string? known) ? known : null;
        }

        foreach ((string other, _) in before)
        {
            if (other.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return other;
            }
        }

        return null;
    }

    // Handles, streams, code and secrets are no data; neither are .NET's own objects, such as a Process.
    private static bool IsData(object value) =>
        value is not (SecureString or CriticalFinalizerObject or Delegate or ScriptBlock or PSCredential or Secret or Stream or Task or Type)
        && value.GetType().Assembly.GetName().Name is not ("System.Private.CoreLib" or "System.Management.Automation")
        && !IsOf(value, "System") && !IsOf(value, "Microsoft.Win32");

    private static bool IsOf(object value, string space) => value.GetType().Namespace?.StartsWith(space, StringComparison.Ordinal) == true;

    private static IEnumerable<KeyValuePair<string, object?>> Properties(PSObject shown)
    {
        foreach (PSPropertyInfo property in shown.Properties)
        {
            object? member;
            try
            {
                member = SafePropertyReader.ValueOf(property, shown);
            }
            catch (EventRowException e)
            {
                throw new UnwritableValueException("$." + property.Name, e.Reason);
            }

            yield return new(property.Name, member);
        }
    }
}
