using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.ConstrainedExecution;
using System.Security;
using System.Text.Json;

namespace LlmObs.PowerShell.Values;

/// <summary>Free-form values as PowerShell has them: PSObject on the way in, PSCustomObject on the way out.</summary>
internal sealed class PSObjectJson : HostObjectJson
{
    public static PSObjectJson Instance { get; } = new();

    public override object MakeObject(ReadOnlySpan<KeyValuePair<string, object?>> members)
    {
        var made = new PSObject();
        foreach ((string name, object? value) in members)
        {
            PSPropertyInfo? present = name.Length == 0 ? null : made.Properties[name];
            if (name.Length == 0 || (present is not null && present.Name != name))
            {
                // Names of properties ignore case, and none is empty; JSON has neither rule, and a dictionary holds any names.
                return base.MakeObject(members);
            }

            if (present is null)
            {
                made.Properties.Add(new PSNoteProperty(name, value));
            }
            else
            {
                present.Value = value;
            }
        }

        return made;
    }

    protected override object? Unwrap(object? value)
    {
        // PowerShell's "nothing" is itself a PSObject, with a custom object in it.
        object? bare = ReferenceEquals(value, AutomationNull.Value) ? null : value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare is DBNull ? null : bare;
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
