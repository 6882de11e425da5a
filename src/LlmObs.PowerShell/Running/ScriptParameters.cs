using System.Management.Automation;
using System.Management.Automation.Language;

namespace LlmObs.PowerShell.Running;

/// <summary>The parameters of a script block, and the value that each of them gets.</summary>
internal sealed class ScriptParameters
{
    private readonly ScriptRole _role;
    private readonly Func<object?, object?, object?>?[]? _values; // null if all is given by place

    private ScriptParameters(ScriptRole role, Func<object?, object?, object?>?[]? values)
    {
        _role = role;
        _values = values;
    }

    /// <summary>Reads the parameters of a block; one that would get nothing is left as it is.</summary>
    public static ScriptParameters Of(ScriptBlock block, ScriptRole role) =>
        new(role, block.Ast is ScriptBlockAst { ParamBlock: ParamBlockAst declared } ? Read(declared, role, out _) : null);

    /// <summary>The parameters that would get nothing: they are no part of what the block is given, and have no default.</summary>
    public static IReadOnlyList<string> Unknown(ScriptBlockAst block, ScriptRole role)
    {
        if (block.ParamBlock is not ParamBlockAst declared)
        {
            return [];
        }

        Read(declared, role, out List<string> unknown);
        return unknown;
    }

    /// <summary>The arguments of a call.</summary>
    public object?[] Arguments(object? subject, object? config)
    {
        if (_values is null)
        {
            return _role.Places == 1 ? [subject] : [subject, config];
        }

        var arguments = new object?[_values.Length];
        for (int place = 0; place < arguments.Length; place++)
        {
            arguments[place] = _values[place]!(subject, config);
        }

        return arguments;
    }

    private static Func<object?, object?, object?>[] Read(ParamBlockAst declared, ScriptRole role, out List<string> unknown)
    {
        unknown = [];
        var values = new List<Func<object?, object?, object?>>();
        bool isClosed = false; // after one that keeps its default, nothing more can be given: all is given by place, whatever [Parameter()] says
        int place = 0;
        foreach (ParameterAst parameter in declared.Parameters)
        {
            bool isNamed = role.Named.TryGetValue(NameOf(parameter), out Func<object?, object?, object?>? value);
            bool isSwitch = parameter.StaticType == typeof(SwitchParameter);
            value ??= isSwitch ? null : place == 0 ? (subject, _) => subject : place < role.Places ? (_, config) => config : null;
            place++;
            if (value is not null && !isClosed)
            {
                values.Add(value);
            }
            else if ((parameter.DefaultValue is null && !isSwitch) || isNamed)
            {
                unknown.Add(NameOf(parameter));
            }

            isClosed |= value is null;
        }

        return [.. values];
    }

    private static string NameOf(ParameterAst parameter) => parameter.Name.VariablePath.UserPath;
}
