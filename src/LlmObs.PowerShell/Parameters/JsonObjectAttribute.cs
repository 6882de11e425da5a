using System.Collections;
using System.Management.Automation;
using System.Text.Json;

namespace LlmObs.PowerShell.Parameters;

/// <summary>
/// For parameters that become a JSON object: a hashtable, an ordered dictionary, a custom object, or text with a JSON
/// object. Everything else is refused at binding, before a request is made.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class JsonObjectAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (value)
        {
            case null:
                return null;
            case string text when string.IsNullOrWhiteSpace(text):
                return null;
            case string text:
                return Parse(text);
            case IDictionary or PSCustomObject or JsonElement { ValueKind: JsonValueKind.Object }:
                return inputData;
            case IEnumerable or ValueType:
                throw Refuse($"A JSON object is required, not a {value.GetType().Name}.");
            default:
                return inputData;
        }
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw Refuse($"A JSON object is required, not a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}.");
        }
        catch (JsonException e)
        {
            throw Refuse($"Text must be a JSON object: {JsonText.Reason(e)}.");
        }
    }

    private static ArgumentTransformationMetadataException Refuse(string message) =>
        new(HostSafeText.Of(message) + " Give a hashtable, for example @{ model = 'small-1' }.");
}
