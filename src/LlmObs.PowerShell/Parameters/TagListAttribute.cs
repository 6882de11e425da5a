using System.Collections;
using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// For parameters that are tags: a hashtable is a tag for each entry, <c>@{ env = 'ci' }</c> the tag <c>env:ci</c>. PowerShell
/// itself would make the name of its type of it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagListAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object?[] given = PSObjectJson.UnwrapCell(inputData) is IList list ? [.. list.Cast<object?>()] : [inputData];
        return given.Any(IsNamed) ? given.SelectMany<object?, object?>(item => IsNamed(item) ? Tags(item!) : [item]).ToArray() : inputData;
    }

    private static bool IsNamed(object? value) => PSObjectJson.UnwrapCell(value) is IDictionary or PSCustomObject;

    private static IEnumerable<string> Tags(object named) => PSObjectJson.UnwrapCell(named) is IDictionary dictionary
        ? Entries.Of(dictionary).SelectMany(entry => Tags($"{PSObjectJson.UnwrapCell(entry.Key)}", entry.Value))
        : PSObject.AsPSObject(named).Properties.SelectMany(property => Tags(property.Name, property.Value));

    private static IEnumerable<string> Tags(string key, object? value) => PSObjectJson.UnwrapCell(value) switch
    {
        null => throw new ArgumentTransformationMetadataException(HostSafeText.Of($"The tag '{key}' has no value.")),
        IDictionary or PSCustomObject => throw new ArgumentTransformationMetadataException(HostSafeText.Of($"The tag '{key}' is an object; a tag is text, key:value.")),
        string text => [$"{key}:{text}"],
        IEnumerable several => several.Cast<object?>().SelectMany(one => Tags(key, one)),
        object one => [$"{key}:{LanguagePrimitives.ConvertTo<string>(one)}"],
    };
}
