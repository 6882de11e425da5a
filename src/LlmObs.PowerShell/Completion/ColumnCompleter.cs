using System.Collections;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Completion;

/// <summary>Completes columns of the table that a command line reads: the file of -Path, or of the Import-Csv that is piped.</summary>
public sealed class ColumnCompleter : WordCompleter
{
    private protected override IEnumerable<CompletionWord> WordsFor(CommandAst command, IDictionary bound)
    {
        bool isLiteral = bound.Contains("LiteralPath");
        object? path = isLiteral ? bound["LiteralPath"] : bound["Path"];
        char? delimiter = bound["Delimiter"]?.ToString() is [char given] ? given : null;
        string? file = (path is IList { Count: > 0 } list ? list[0] : path)?.ToString();
        if (file is null)
        {
            (file, isLiteral, delimiter) = Upstream(command);
        }

        return file is null ? [] : TableHeader.Read(file, isLiteral, delimiter).Select(column => new CompletionWord(column, $"a column of {file}"));
    }

    // Import-Csv FILE | Send-LlmObsEvent
    private static (string? File, bool IsLiteral, char? Delimiter) Upstream(CommandAst command)
    {
        if (command.Parent is not PipelineAst pipeline || pipeline.PipelineElements[0] is not CommandAst first
            || first.GetCommandName()?.ToLowerInvariant() is not ("import-csv" or "ipcsv"))
        {
            return (null, false, null);
        }

        StaticBindingResult bound = StaticParameterBinder.BindCommand(first, true);
        object? literal = Constant(bound, "LiteralPath");
        return ((literal ?? Constant(bound, "Path"))?.ToString(), literal is not null, Constant(bound, "Delimiter")?.ToString() is [char given] ? given : null);
    }

    private static object? Constant(StaticBindingResult bound, string parameter)
    {
        if (!bound.BoundParameters.TryGetValue(parameter, out ParameterBindingResult? result))
        {
            return null;
        }

        ExpressionAst? value = result.Value as ExpressionAst;
        return value is ArrayLiteralAst { Elements.Count: > 0 } list ? (list.Elements[0] as ConstantExpressionAst)?.Value : result.ConstantValue ?? (value as ConstantExpressionAst)?.Value;
    }
}
