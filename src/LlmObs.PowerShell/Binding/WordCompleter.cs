using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Binding;

/// <summary>Completes from a list of words; never calls the service.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    private protected WordCompleter()
    {
    }

    /// <summary>The words, and what the tooltip says of each.</summary>
    private protected abstract IEnumerable<(string Word, string ToolTip)> Words { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return Words
            .Where(one => one.Word.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Select(one => new CompletionResult(Quoted(one.Word), one.Word, CompletionResultType.ParameterValue, one.ToolTip));
    }

    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}
