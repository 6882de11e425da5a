using System.Management.Automation;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Values;

/// <summary>Reads properties that are code: they may throw, lead in a circle, or never come to an end.</summary>
internal static class SafePropertyReader
{
    /// <summary>A property's value.</summary>
    /// <param name="source">The object that it is of.</param>
    /// <exception cref="EventRowException">It can't be read; the message gives the reason.</exception>
    public static object? ValueOf(PSPropertyInfo property, PSObject source)
    {
        // PowerShell itself would end the whole process in a stack overflow.
        if (property is PSScriptProperty script && ReadsItself(script, source))
        {
            throw new EventRowException(property.Name, "could not be read: its script reads the property itself");
        }

        try
        {
            return property.Value;
        }
        catch (Exception e) when (e is ExtendedTypeSystemException or (RuntimeException and not PipelineStoppedException))
        {
            throw new EventRowException(property.Name, $"could not be read: {(e.InnerException ?? e).Message.TrimEnd('.')}");
        }
    }

    /// <summary>True if a script property reads itself through <c>$this</c>, in one step or over others.</summary>
    private static bool ReadsItself(PSScriptProperty start, PSObject source)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<PSScriptProperty>([start]);
        while (open.TryPop(out PSScriptProperty? script))
        {
            foreach (string name in ReadOfThis(script))
            {
                if (name.Equals(start.Name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }

                if (seen.Add(name) && source.Properties[name] is PSScriptProperty other)
                {
                    open.Push(other);
                }
            }
        }

        return false;
    }

    private static IEnumerable<string> ReadOfThis(PSScriptProperty script) =>
        script.GetterScript?.Ast.FindAll(ast => ast is MemberExpressionAst, searchNestedScriptBlocks: true)
            .Cast<MemberExpressionAst>()
            .Where(read => read is not InvokeMemberExpressionAst && IsThis(read.Expression))
            .Select(read => (read.Member as StringConstantExpressionAst)?.Value)
            .OfType<string>() ?? [];

    private static bool IsThis(ExpressionAst expression) =>
        expression is VariableExpressionAst variable && variable.VariablePath.UserPath.Equals("this", StringComparison.OrdinalIgnoreCase);
}
