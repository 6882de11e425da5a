using System.Management.Automation;

namespace LlmObs.PowerShell.Errors;

/// <summary>
/// The catalogue of errors: every id of the module is in this folder, but for those of failed calls, which are the names of FailureKind, with its category, message and advice.
/// If one parameter can't take a value, the message is written where that parameter is read, and <c>InvalidValue</c> makes the error.
/// </summary>
internal static partial class Failures
{
    /// <summary>A change that changes nothing.</summary>
    public static ErrorRecord NothingToChange(string kind, object target, string action)
    {
        string message = $"{kind} {target} was not changed: nothing was given to change.";
        return InvalidValue(new PSArgumentException(message), message, target, action);
    }

    /// <summary>
    /// An error that ends the script as <c>throw</c> does, also if <c>$ErrorActionPreference</c> is Continue: a script whose
    /// gate does not hold must not go on, and pwsh -File must end with 1. An error of a cmdlet would end its own line only.
    /// </summary>
    /// <param name="failure">The gate's failure; its id without the command's type.</param>
    /// <param name="command">The command and its type.</param>
    public static RuntimeException EndOfScript(GateFailure failure, (string Name, Type Type) command)
    {
        string message = $"{command.Name}: {string.Join(Environment.NewLine, failure.Reasons)}"; // PowerShell does not add the command's name to a thrown error
        ErrorRecord record = Make(message, $"{failure.Id},{command.Type.FullName}", ErrorCategory.LimitsExceeded, failure.Reasons, failure.Action);
        return new RuntimeException(message, record.Exception, record) { WasThrownFromThrowStatement = true };
    }

    /// <summary>The message of an argument's exception, without the name of the argument that .NET adds.</summary>
    public static string Reason(ArgumentException reason) => reason.Message.Split(" (Parameter", 2)[0];

    /// <summary>A parameter's value that can't be used.</summary>
    public static ErrorRecord InvalidValue(string message, object? target, string action) =>
        InvalidValue(new PSArgumentException(message), message, target, action);

    /// <summary>A parameter's value that can't be used.</summary>
    public static ErrorRecord InvalidValue(Exception reason, string message, object? target, string action) =>
        Make(reason, message, "InvalidValue", ErrorCategory.InvalidArgument, target, action);

    private static ErrorRecord Make(string message, string id, ErrorCategory category, object? target, string action) =>
        Make(new InvalidOperationException(message), message, id, category, target, action);

    private static ErrorRecord Make(Exception exception, string message, string id, ErrorCategory category, object? target, string action) =>
        new(exception, id, category, target) { ErrorDetails = new ErrorDetails(message) { RecommendedAction = action } };

    private static string Sentence(string words) => words.EndsWith('?') ? words : words.TrimEnd('.') + ".";

    private static string Capitalized(string text) => text.StartsWith("row", StringComparison.Ordinal) ? "R" + text[1..] : text;
}
