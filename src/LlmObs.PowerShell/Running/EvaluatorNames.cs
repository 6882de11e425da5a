using System.Text.RegularExpressions;

namespace LlmObs.PowerShell.Running;

/// <summary>What the label of a metric may be made of, as Datadog's SDKs hold it.</summary>
internal static partial class EvaluatorNames
{
    public const string Rule = "letters of a to z, digits, '_' and '-' are allowed";

    public static bool IsValid(string name) => Allowed().IsMatch(name);

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex Allowed();
}
