using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// A script block as text for other runspaces, its <c>$using:</c> variables replaced by ones that are set there. PowerShell
/// does the same for ForEach-Object -Parallel, but not in public.
/// </summary>
internal sealed class ScriptText
{
    private const string Prefix = "__using_";

    private ScriptText(string text) => Text = text;

    /// <summary>The text of the block without its braces.</summary>
    public string Text { get; }

    /// <summary>The user's name of a variable in the runspaces.</summary>
    public static string NameOf(string variable) => "$using:" + variable[Prefix.Length..];

    /// <summary>The text of a block, and the values of its <c>$using:</c> variables from the caller's session.</summary>
    /// <param name="session">The caller's session.</param>
    /// <param name="values">The values, by the names that they are set under.</param>
    /// <exception cref="PSArgumentException">A variable is not set, or something other than a variable follows <c>$using:</c>.</exception>
    public static ScriptText Of(ScriptBlock block, SessionState session, IDictionary<string, object?> values)
    {
        string text = block.ToString();
        Ast ast = block.Ast;
        UsingExpressionAst[] uses = [.. ast.FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true).Cast<UsingExpressionAst>()];
        if (uses.Length == 0)
        {
            return new ScriptText(text);
        }

        // A block in braces is its text and the braces; offsets count from the beginning of its file.
        int start = ast.Extent.StartOffset + ast.Extent.Text.IndexOf(text, StringComparison.Ordinal);
        var rewritten = new StringBuilder(text);
        foreach (UsingExpressionAst use in uses.OrderByDescending(use => use.Extent.StartOffset))
        {
            // Of $using:name.member the variable is a part, and the rest stays as it is.
            if (use.SubExpression.Find(node => node is VariableExpressionAst, searchNestedScriptBlocks: false) is not VariableExpressionAst variable)
            {
                throw new PSArgumentException($"'{use.Extent.Text}' names no variable.");
            }

            string name = variable.VariablePath.UserPath;
            PSVariable found = session.PSVariable.Get(name)
                ?? throw new PSArgumentException($"The value of '$using:{name}' can't be retrieved: there is no variable '{name}' in this session.");
            values[Prefix + name] = found.Value;
            int length = use.Extent.Text.IndexOf("using:", StringComparison.OrdinalIgnoreCase) + "using:".Length + name.Length;
            bool isBraced = use.Extent.Text.StartsWith("${", StringComparison.Ordinal);
            rewritten.Remove(use.Extent.StartOffset - start, isBraced ? length + 1 : length);
            rewritten.Insert(use.Extent.StartOffset - start, use.Extent.Text[0] == '@' ? $"@{Prefix}{name}" : $"${{{Prefix}{name}}}");
        }

        return new ScriptText(rewritten.ToString());
    }
}
