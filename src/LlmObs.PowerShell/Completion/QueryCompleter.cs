using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Completion;

/// <summary>Completes the last word of a search query: a field after @, and its values after the colon if they are few.</summary>
public sealed class QueryCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = wordToComplete ?? string.Empty;
        string quote = typed.Length > 0 && typed[0] is '\'' or '"' ? typed[..1] : string.Empty;
        string query = quote.Length == 0 ? typed : typed[1..].TrimEnd(quote[0]);

        // PowerShell closes a quote itself before it asks here; an unquoted @ would be its own.
        quote = quote.Length == 0 ? "'" : quote;
        int start = query.LastIndexOfAny([' ', '(', '-']) + 1;
        string before = query[..start];
        return Ends(query[start..]).Select(one => new CompletionResult(
            $"{quote}{before}{one.Text}{quote}", one.Text, CompletionResultType.ParameterValue, one.ToolTip));
    }

    private static IEnumerable<CompletionWord> Ends(string word)
    {
        string at = word.StartsWith('@') ? "@" : string.Empty;
        string begun = word[at.Length..];
        int colon = begun.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            string name = begun[..colon];
            return (SearchField.All.FirstOrDefault(field => field.Name == name)?.Values ?? [])
                .Where(value => value.StartsWith(begun[(colon + 1)..], StringComparison.OrdinalIgnoreCase))
                .Select(value => new CompletionWord($"{at}{name}:{value}", value));
        }

        return SearchField.All
            .Where(field => field.Name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Select(field => new CompletionWord($"@{field.Name}:", field.Meaning));
    }
}
