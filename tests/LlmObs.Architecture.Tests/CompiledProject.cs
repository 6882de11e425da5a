using Mono.Cecil.Cil;

namespace LlmObs.Architecture.Tests;

/// <summary>
/// An assembly of the product, read and not loaded: which of its types refers to which. What the compiler makes of a type (closures,
/// state machines) counts for that type. A constant leaves no trace in a compiled file, so a reference to nothing else is not seen.
/// </summary>
internal sealed class CompiledProject
{
    private readonly Dictionary<string, HashSet<string>> _references = [];

    public CompiledProject(string file)
    {
        Assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, file));
        foreach (TypeDefinition type in Assembly.MainModule.Types.Where(type => type.Name != "<Module>"))
        {
            HashSet<string> found = [];
            Collect(type, found);
            found.Remove(type.FullName);
            _references.Add(type.FullName, found);
        }
    }

    public AssemblyDefinition Assembly { get; }

    /// <summary>The types of the project in source files, without nested ones.</summary>
    public IEnumerable<TypeDefinition> Types => Assembly.MainModule.Types.Where(type => type.Name[0] != '<');

    /// <summary>Full names of the outermost types that each outermost type refers to, of this assembly or another of the product.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> References => _references;

    private static void Collect(TypeDefinition type, HashSet<string> found)
    {
        Add(type.BaseType, found);
        AddAll(type.Interfaces.Select(one => one.InterfaceType), found);
        Attributes(type, found);
        Generics(type, found);
        foreach (FieldDefinition field in type.Fields)
        {
            Add(field.FieldType, found);
            Attributes(field, found);
        }

        foreach (PropertyDefinition property in type.Properties)
        {
            Attributes(property, found);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Collect(method, found);
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            Collect(nested, found);
        }
    }

    private static void Collect(MethodDefinition method, HashSet<string> found)
    {
        Attributes(method, found);
        Attributes(method.MethodReturnType, found);
        Generics(method, found);
        Signature(method, found);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Attributes(parameter, found);
        }

        if (!method.HasBody)
        {
            return;
        }

        AddAll(method.Body.Variables.Select(variable => variable.VariableType), found);
        AddAll(method.Body.ExceptionHandlers.Select(handler => handler.CatchType), found);
        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference named:
                    Add(named, found);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType, found);
                    Add(field.FieldType, found);
                    break;
                case MethodReference called:
                    Add(called.DeclaringType, found);
                    Signature(called, found);
                    AddAll((called as GenericInstanceMethod)?.GenericArguments ?? [], found);
                    break;
            }
        }
    }

    private static void Signature(MethodReference method, HashSet<string> found)
    {
        Add(method.ReturnType, found);
        AddAll(method.Parameters.Select(parameter => parameter.ParameterType), found);
    }

    private static void Generics(IGenericParameterProvider provider, HashSet<string> found) =>
        AddAll(provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType), found);

    private static void Attributes(ICustomAttributeProvider provider, HashSet<string> found)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType, found);
            foreach (CustomAttributeArgument argument in attribute.ConstructorArguments.Concat(attribute.Properties.Concat(attribute.Fields).Select(named => named.Argument)))
            {
                Argument(argument, found);
            }
        }
    }

    private static void Argument(CustomAttributeArgument argument, HashSet<string> found)
    {
        Add(argument.Type, found);
        switch (argument.Value)
        {
            case TypeReference type:
                Add(type, found);
                break;
            case CustomAttributeArgument boxed:
                Argument(boxed, found);
                break;
            case CustomAttributeArgument[] list:
                Array.ForEach(list, one => Argument(one, found));
                break;
        }
    }

    private static void AddAll(IEnumerable<TypeReference?> types, HashSet<string> found)
    {
        foreach (TypeReference? type in types)
        {
            Add(type, found);
        }
    }

    private static void Add(TypeReference? type, HashSet<string> found)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                AddAll(generic.GenericArguments, found);
                Add(generic.ElementType, found);
                return;
            case TypeSpecification wrapped:
                Add(wrapped.ElementType, found);
                return;
        }

        while (type.DeclaringType is TypeReference outer)
        {
            type = outer;
        }

        if (type.Namespace == "LlmObs" || type.Namespace.StartsWith("LlmObs.", StringComparison.Ordinal))
        {
            found.Add(type.FullName);
        }
    }
}
