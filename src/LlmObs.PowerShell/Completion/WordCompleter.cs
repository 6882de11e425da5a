using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Completion;

/// <summary>Completes from a list of words; never calls the service.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    private protected WordCompleter()
    {
    }

    /// <summary>The words, where they are the same for every command line.</summary>
    private protected virtual IEnumerable<CompletionWord> Words => [];

    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string begun = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return WordsFor(commandAst, fakeBoundParameters)
            .Where(one => one.Text.StartsWith(begun, StringComparison.OrdinalIgnoreCase) || one.Alias?.StartsWith(begun, StringComparison.OrdinalIgnoreCase) == true)
            .Select(one => new CompletionResult(Quoted(one.Text), one.Shown ?? one.Text, CompletionResultType.ParameterValue, one.ToolTip));
    }

    /// <summary>The words for one command line.</summary>
    private protected virtual IEnumerable<CompletionWord> WordsFor(CommandAst command, IDictionary bound) => Words;

    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}

/// <summary>A word that completion offers.</summary>
/// <param name="Text">The word.</param>
/// <param name="ToolTip">What is said of it.</param>
public sealed record CompletionWord(string Text, string ToolTip)
{
    /// <summary>What a menu shows of it; null for the word itself.</summary>
    public string? Shown { get; init; }

    /// <summary>What may be typed to get it, beside the word.</summary>
    public string? Alias { get; init; }
}
