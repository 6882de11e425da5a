using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace LlmObs.Client.Tests.Documentation;

/// <summary>The exceptions that the code of a method itself makes and throws at once, read from its instructions.</summary>
internal static class ThrownExceptions
{
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    public static IReadOnlyList<Type> Of(MethodBase method)
    {
        // The bodies of async methods and iterators are in a class that the compiler makes.
        MethodBase body = method.GetCustomAttribute<StateMachineAttribute>() is { } machine
            ? machine.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!
            : method;
        byte[] code = body.GetMethodBody()?.GetILAsByteArray() ?? [];
        var made = new List<Type>();
        for (int at = 0; at < code.Length;)
        {
            ushort value = code[at++];
            value = value == 0xFE ? (ushort)(0xFE00 | code[at++]) : value;
            OpCode operation = Codes[value];
            bool isThrown = operation == OpCodes.Newobj && at + 4 < code.Length && code[at + 4] == OpCodes.Throw.Value;
            if (isThrown && Made(body, BitConverter.ToInt32(code, at)) is Type type && typeof(Exception).IsAssignableFrom(type))
            {
                made.Add(type);
            }

            at += OperandSize(operation, code, at);
        }

        return [.. made.Distinct()];
    }

    private static Type? Made(MethodBase method, int token) => method.Module.ResolveMethod(
        token,
        method.DeclaringType!.GetGenericArguments(),
        method.IsGenericMethod ? method.GetGenericArguments() : null)?.DeclaringType;

    private static int OperandSize(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
