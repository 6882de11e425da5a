using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace LlmObs.PowerShell.Input;

/// <summary>
/// The properties that a custom object has of its own, by their place. Walking through an object's properties costs more than
/// all else that is done with a row; taking them by place, and seeing that they have the names that the row before had there,
/// costs next to nothing. PowerShell does not make this public: where it can't be had, rows are walked through. Its fields are
/// read, not its properties: those take a lock for each member, and look the types' names up for each object.
/// </summary>
internal sealed class PSObjectInternals
{
    private readonly Func<PSObject, object?> _collection;
    private readonly Func<object, OrderedDictionary?> _members;
    private readonly Func<PSObject, Collection<string>?> _typeNames;
    private readonly string[] _usualNames = [.. new PSObject().TypeNames];
    private Collection<string>? _usual; // the list that PowerShell shares among custom objects, once it was seen

    private PSObjectInternals(FieldInfo collection, FieldInfo members, FieldInfo typeNames)
    {
        _collection = Reader<PSObject, object?>(collection);
        _members = Reader<object, OrderedDictionary?>(members);
        _typeNames = Reader<PSObject, Collection<string>?>(typeNames);
    }

    /// <summary>The way to them; null where this PowerShell has none that is known.</summary>
    public static PSObjectInternals? Known { get; } = Find();

    /// <summary>The names of a custom object's types, where it was given others than custom objects have; else null.</summary>
    public Collection<string>? OwnTypeNames(PSObject source)
    {
        // PowerShell looks them up when somebody asks; before that there are none.
        if (_typeNames(source) is not Collection<string> names || ReferenceEquals(names, _usual))
        {
            return null;
        }

        if (!names.SequenceEqual(_usualNames))
        {
            return names;
        }

        // A list that can be changed is one object's own, and may have other names the next time.
        _usual = ((ICollection<string>)names).IsReadOnly ? names : _usual;
        return null;
    }

    /// <summary>Takes an object's properties, where they have these names in this order and there are no others.</summary>
    /// <returns>False where they have not.</returns>
    public bool TryTake(PSObject source, IReadOnlyList<string> names, Span<object?> properties)
    {
        if (_collection(source) is not object own || _members(own) is not OrderedDictionary ordered)
        {
            return false;
        }

        lock (ordered) // as PowerShell does
        {
            if (ordered.Count != names.Count)
            {
                return false;
            }

            for (int index = 0; index < properties.Length; index++)
            {
                if (ordered[index] is not PSPropertyInfo property || (!ReferenceEquals(property.Name, names[index]) && property.Name != names[index]))
                {
                    return false;
                }

                properties[index] = property;
            }
        }

        return true;
    }

    private static PSObjectInternals? Find()
    {
        FieldInfo? collection = FieldOf(typeof(PSObject), "_instanceMembers", typeof(IEnumerable));
        FieldInfo? members = FieldOf(collection?.FieldType, "_members", typeof(OrderedDictionary));
        FieldInfo? typeNames = FieldOf(typeof(PSObject), "_typeNames", typeof(Collection<string>));
        return collection is not null && members is not null && typeNames is not null ? new PSObjectInternals(collection, members, typeNames) : null;
    }

    private static FieldInfo? FieldOf(Type? type, string name, Type ofType) =>
        type?.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) is FieldInfo field && ofType.IsAssignableFrom(field.FieldType) ? field : null;

    private static Func<TSource, TValue> Reader<TSource, TValue>(FieldInfo field)
    {
        ParameterExpression source = Expression.Parameter(typeof(TSource));
        return Expression.Lambda<Func<TSource, TValue>>(Expression.Field(Expression.Convert(source, field.DeclaringType!), field), source).Compile();
    }
}
