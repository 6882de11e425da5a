using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// Finds in the text of a script block what PowerShell would take for <c>null</c> without a word: then a comparison of two
/// nulls is true, and every row passes.
/// </summary>
internal sealed class ScriptReading
{
    private static readonly HashSet<string> OfEveryObject = new(["psobject", "psbase", "psadapted", "psextended", "pstypenames", "count", "length"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Automatic = new(
        ["_", "psitem", "args", "input", "this", "foreach", "switch", "matches", "error", "event", "eventargs", "eventsubscriber", "sender", "myinvocation", "psboundparameters", "pscmdlet", "null", "true", "false", "stacktrace", "lastexitcode"],
        StringComparer.OrdinalIgnoreCase);

    private readonly string _what;
    private readonly ScriptRole _role;
    private readonly ScriptBlockAst _block;
    private readonly HashSet<string> _assigned;

    private ScriptReading(string what, ScriptRole role, ScriptBlockAst block)
    {
        (_what, _role, _block) = (what, role, block);
        _assigned = Assigned(block);
    }

    /// <summary>Reads a script block.</summary>
    /// <param name="what">What it is, as the beginning of a sentence.</param>
    /// <returns>Null if it can't be parsed, which is reported when it is made.</returns>
    public static ScriptReading? Of(string what, ScriptText text, ScriptRole role)
    {
        ScriptBlockAst block = Parser.ParseInput(text.Text, out _, out ParseError[] errors);
        return errors.Length == 0 ? new ScriptReading(what, role, block) : null;
    }

    /// <summary>Refuses parameters and properties that are always null.</summary>
    /// <exception cref="PSArgumentException">There are such.</exception>
    public void Check()
    {
        if (ScriptParameters.Unknown(_block, _role) is [_, ..] unknown)
        {
            throw Refuse($"{_what} has {(unknown.Count == 1 ? "a parameter" : "parameters")} that nothing is given to: {string.Join(", ", unknown.Select(name => "$" + name))}. It gets {_role.Gets}, and parameters of these names: {string.Join(", ", _role.Named.Keys.Select(name => "$" + name))}.");
        }

        if (!_assigned.Contains("input") && _block.Find(node => node is VariableExpressionAst variable && IsCalled(variable, "input") && IsAtTop(node), searchNestedScriptBlocks: false) is not null)
        {
            throw Refuse($"{_what} uses $input, a variable of PowerShell's own that is empty here. {(_role.Subject is null ? "The rows are $_." : "The input is $_.Input.")}");
        }

        if (_role.Subject is Type subject)
        {
            CheckProperties(subject);
        }
    }

    /// <summary>The variables of the session that it reads without <c>$using:</c>.</summary>
    public IEnumerable<string> VariablesOf(SessionState session) => DefinesUnseen() ? [] : _block
        .FindAll(node => node is VariableExpressionAst { VariablePath: { IsVariable: true, IsUnqualified: true } }, searchNestedScriptBlocks: true)
        .Cast<VariableExpressionAst>().Select(variable => variable.VariablePath.UserPath)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Where(name => !Automatic.Contains(name) && !_assigned.Contains(name) && session.PSVariable.Get(name)?.Value is not (null or ""));

    /// <summary>The functions of the session that it calls, except those of modules, which a runspace loads when they are called.</summary>
    public IEnumerable<string> FunctionsOf(SessionState session) => DefinesUnseen() ? [] : _block
        .FindAll(node => node is CommandAst, searchNestedScriptBlocks: true)
        .Cast<CommandAst>().Select(command => command.GetCommandName()).OfType<string>()
        .Except(_block.FindAll(node => node is FunctionDefinitionAst, searchNestedScriptBlocks: true).Cast<FunctionDefinitionAst>().Select(function => function.Name), StringComparer.OrdinalIgnoreCase)
        .Where(name => name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_') && session.InvokeProvider.Item.Exists(PathOf(name)) && session.InvokeCommand.GetCommand(name, CommandTypes.Function) is FunctionInfo { ModuleName: "" or null });

    /// <summary>Where PowerShell keeps a function: looking there loads no module.</summary>
    public static string PathOf(string function) => "function:" + WildcardPattern.Escape(function);

    private void CheckProperties(Type subject)
    {
        string? first = _block.ParamBlock?.Parameters.FirstOrDefault()?.Name.VariablePath.UserPath;
        first = first is null || _role.Named.ContainsKey(first) || AssignedIn(_block).Contains(first, StringComparer.OrdinalIgnoreCase) ? null : first;
        string[] known = [.. subject.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];
        foreach (MemberExpressionAst member in _block.FindAll(node => node is MemberExpressionAst and not InvokeMemberExpressionAst, searchNestedScriptBlocks: true).Cast<MemberExpressionAst>())
        {
            if (member is { Static: false, Expression: VariableExpressionAst variable, Member: StringConstantExpressionAst { Value: string name } }
                && (IsCalled(variable, "_") || IsCalled(variable, "PSItem") ? IsAtTop(member) : first is not null && IsCalled(variable, first) && !IsInFunction(member))
                && !OfEveryObject.Contains(name) && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw Refuse($"{_what} reads {variable.Extent.Text}.{name}, but {_role.What} has no property '{name}', only {string.Join(", ", known)}.{Advice(variable.Extent.Text, name, known)}");
            }
        }
    }

    private static string Advice(string variable, string name, string[] known) =>
        NearestWord.Ask(name.Replace("_", string.Empty, StringComparison.Ordinal), known) is { Length: > 0 } near ? near : $" A member of an input that is an object is {variable}.Input.{name}.";

    private static HashSet<string> Assigned(ScriptBlockAst block) => new(
        AssignedIn(block).Concat(block.FindAll(node => node is ParameterAst, searchNestedScriptBlocks: true).Cast<ParameterAst>().Select(parameter => parameter.Name.VariablePath.UserPath)),
        StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> AssignedIn(ScriptBlockAst block) => block
        .FindAll(node => node is AssignmentStatementAst or ForEachStatementAst or CommandParameterAst, searchNestedScriptBlocks: true)
        .SelectMany(node => node switch
        {
            AssignmentStatementAst assignment => assignment.Left.FindAll(part => part is VariableExpressionAst, searchNestedScriptBlocks: false).Cast<VariableExpressionAst>().Select(variable => variable.VariablePath.UserPath),
            ForEachStatementAst loop => [loop.Variable.VariablePath.UserPath],
            CommandParameterAst { Parent: CommandAst command } => command.CommandElements.OfType<StringConstantExpressionAst>().Select(word => word.Value.TrimStart('+')), // -OutVariable name
            _ => [],
        });

    // Such variables and functions can't be seen in the text.
    private bool DefinesUnseen() => _block.Find(
        node => node is CommandAst command && (command.InvocationOperator == TokenKind.Dot || command.GetCommandName() is string name && (Ends(name, "-Variable") || Ends(name, "Invoke-Expression") || name is "sv" or "nv" or "iex")),
        searchNestedScriptBlocks: true) is not null;

    private static bool Ends(string name, string end) => name.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    private static bool IsCalled(VariableExpressionAst variable, string name) => variable.VariablePath is { IsVariable: true, IsUnqualified: true } path && path.UserPath.Equals(name, StringComparison.OrdinalIgnoreCase);

    // Inside of these $_ is something else.
    private bool IsAtTop(Ast node) => !Above(node).Any(above => above is ScriptBlockExpressionAst or CatchClauseAst or SwitchStatementAst or TrapStatementAst or FunctionDefinitionAst);

    private bool IsInFunction(Ast node) => Above(node).Any(above => above is FunctionDefinitionAst or ScriptBlockExpressionAst { ScriptBlock.ParamBlock: not null });

    private IEnumerable<Ast> Above(Ast node)
    {
        for (Ast? above = node.Parent; above is not null && above != _block; above = above.Parent)
        {
            yield return above;
        }
    }

    private static PSArgumentException Refuse(string message) => new(message);
}
