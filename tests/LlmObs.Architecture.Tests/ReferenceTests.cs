namespace LlmObs.Architecture.Tests;

/// <summary>A wall is worth what is seen of references: each kind of them is in a sample below, and must be found in the compiled file.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData(nameof(AsBase))]
    [InlineData(nameof(IAsInterface))]
    [InlineData(nameof(AsConstraint))]
    [InlineData(nameof(AsField))]
    [InlineData(nameof(AsArrayElement))]
    [InlineData(nameof(AsGenericArgument))]
    [InlineData(nameof(AsParameter))]
    [InlineData(nameof(AsResult))]
    [InlineData(nameof(AsCreated))]
    [InlineData(nameof(AsCalled))]
    [InlineData(nameof(AsArgumentOfGenericCall))]
    [InlineData(nameof(AsExtension))]
    [InlineData(nameof(AsTypeOf))]
    [InlineData(nameof(AsPattern))]
    [InlineData(nameof(AsCaught))]
    [InlineData(nameof(AsInClosure))]
    [InlineData(nameof(AsInStateMachine))]
    [InlineData(nameof(AsAttribute))]
    [InlineData(nameof(AsArgumentOfAttribute))]
    [InlineData(nameof(AsListedInAttribute))]
    [InlineData(nameof(AsPropertyOfAttribute))]
    [InlineData(nameof(AsEnumInAttribute))]
    [InlineData(nameof(AsAttributeOfResult))]
    public void A_reference_is_seen(string type) =>
        Assert.Contains(
            $"{typeof(ReferenceTests).Namespace}.{type}",
            new CompiledProject("LlmObs.Architecture.Tests.dll").References[typeof(Sample<>).FullName!]);
}

#pragma warning disable SA1402, CA1812, CA1822, CA1852, CA1813, CA1019, CA1018, CS0649, CS0169, IDE0044, IDE0051, IDE0052, CA1823
internal class AsBase;

internal interface IAsInterface;

internal class AsConstraint;

internal class AsField;

internal class AsArrayElement;

internal class AsGenericArgument;

internal class AsParameter;

internal class AsResult;

internal class AsCreated;

internal static class AsCalled
{
    public static int Call() => 1;
}

internal class AsArgumentOfGenericCall;

internal static class AsExtension
{
    public static int Extend(this int number) => number;
}

internal class AsTypeOf;

internal class AsPattern;

internal class AsCaught : Exception;

internal class AsInClosure;

internal class AsInStateMachine;

[AttributeUsage(AttributeTargets.All)]
internal sealed class AsAttribute : Attribute;

[AttributeUsage(AttributeTargets.ReturnValue)]
internal sealed class AsAttributeOfResult : Attribute;

internal class AsArgumentOfAttribute;

internal class AsListedInAttribute;

internal class AsPropertyOfAttribute;

internal enum AsEnumInAttribute
{
    One = 1,
}

[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class SampleAttribute(params object[] values) : Attribute
{
    public object[] Values => values;

    public Type? Property { get; set; }
}

internal class Sample<T> : AsBase, IAsInterface
    where T : AsConstraint
{
    private readonly AsField? _field;
    private readonly AsArrayElement[]? _elements;
    private readonly List<Dictionary<string, AsGenericArgument>>? _list;

    public AsResult? Result(AsParameter? parameter) => parameter is null ? null : new AsResult();

    public object Create() => new AsCreated();

    public int Call() => AsCalled.Call() + Array.Empty<AsArgumentOfGenericCall>().Length;

    public int Extend() => 1.Extend();

    public Type Name() => typeof(AsTypeOf);

    public bool IsPattern(object value) => value is AsPattern;

    public void Catch(Action action)
    {
        try
        {
            action();
        }
        catch (AsCaught)
        {
            action();
        }
    }

    public Func<object> Close(object? value) => () => value ?? new AsInClosure();

    public async Task<object> WaitAsync()
    {
        await Task.Yield();
        return new AsInStateMachine();
    }

    [As]
    [Sample(typeof(AsArgumentOfAttribute), new[] { typeof(AsListedInAttribute) }, AsEnumInAttribute.One, Property = typeof(AsPropertyOfAttribute))]
    [return: AsAttributeOfResult]
    public object Describe() => (_field, _elements, _list);
}
