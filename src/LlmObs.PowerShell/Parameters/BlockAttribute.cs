using System.Management.Automation;

namespace LlmObs.PowerShell.Parameters;

/// <summary>For parameters that are script blocks: text is refused with a word on what to write, which the binder does not know.</summary>
/// <param name="parameter">The name of the parameter.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlockAttribute(string parameter) : ArgumentTransformationAttribute
{
    /// <summary>The name of the parameter.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The parameter that takes a script's file; null if there is none.</summary>
    public string? File { get; init; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not (string or FileInfo or ExternalScriptInfo))
        {
            return inputData;
        }

        string text = inputData is PSObject { BaseObject: ExternalScriptInfo script } ? script.Path : $"{inputData}";
        string way = text.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? File is null ? $"Run the file in it: -{Parameter} {{ . '{text}' }}." : $"Give the file with -{File} '{text}'."
            : $"Put it in braces: -{Parameter} {{ {text} }}{(File is null ? string.Empty : $"; a script file goes to -{File}")}.";
        throw new ArgumentTransformationMetadataException(HostSafeText.Of($"-{Parameter} takes a script block, and '{text}' is text. {way}"));
    }
}
