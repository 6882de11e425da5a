using System.Collections.Specialized;
using System.Text.Json;

namespace LlmObs.PowerShell.Values;

/// <summary>
/// Free-form values as tasks and evaluators get them: each object is an ordered dictionary that does not tell case apart, as
/// <c>[ordered]@{ }</c> makes it, so that a dot and an index both find a member.
/// </summary>
internal sealed class ScriptJson : HostObjectJson
{
    public static ScriptJson Instance { get; } = new();

    public override object? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return base.Read(element);
        }

        var members = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            members[PropertyNames.Of(property)] = Read(property.Value);
        }

        return members;
    }
}
