using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace LlmObs.PowerShell.Binding;

/// <summary>
/// The properties that a custom object has of its own, by their place. Walking through an object's properties costs more than
/// all else that is done with a row; taking them by place, and seeing that they have the names that the row before had there,
/// costs next to nothing. PowerShell does not make this public: where it can't be had, rows are walked through.
/// </summary>
internal sealed class InstanceProperties
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private readonly Func<PSObject, PSMemberInfoCollection<PSMemberInfo>> members;
    private readonly Func<PSMemberInfoCollection<PSMemberInfo>, int> count;
    private readonly Func<PSMemberInfoCollection<PSMemberInfo>, int, PSMemberInfo> at;
    private readonly Func<PSObject, Collection<string>> typeNames;

    private InstanceProperties(PropertyInfo members, PropertyInfo count, PropertyInfo at, PropertyInfo typeNames)
    {
        this.members = members.GetMethod!.CreateDelegate<Func<PSObject, PSMemberInfoCollection<PSMemberInfo>>>();
        this.typeNames = typeNames.GetMethod!.CreateDelegate<Func<PSObject, Collection<string>>>();
        ParameterExpression collection = Expression.Parameter(typeof(PSMemberInfoCollection<PSMemberInfo>));
        ParameterExpression index = Expression.Parameter(typeof(int));
        UnaryExpression typed = Expression.Convert(collection, members.PropertyType);
        this.count = Expression.Lambda<Func<PSMemberInfoCollection<PSMemberInfo>, int>>(Expression.Property(typed, count), collection).Compile();
        this.at = Expression.Lambda<Func<PSMemberInfoCollection<PSMemberInfo>, int, PSMemberInfo>>(Expression.MakeIndex(typed, at, [index]), collection, index).Compile();
    }

    /// <summary>The way to them; null where this PowerShell has none that is known.</summary>
    public static InstanceProperties? Known { get; } = Find();

    /// <summary>The names of an object's types; the same list for all objects that were given no names of their own.</summary>
    public Collection<string> TypeNames(PSObject source) => typeNames(source);

    /// <summary>Takes an object's properties, where they have these names in this order and there are no others.</summary>
    /// <returns>False where they have not.</returns>
    public bool TryTake(PSObject source, IReadOnlyList<string> names, object?[] properties)
    {
        PSMemberInfoCollection<PSMemberInfo> own = members(source);
        if (count(own) != names.Count)
        {
            return false;
        }

        for (int index = 0; index < properties.Length; index++)
        {
            if (at(own, index) is not PSPropertyInfo property || (!ReferenceEquals(property.Name, names[index]) && property.Name != names[index]))
            {
                return false;
            }

            properties[index] = property;
        }

        return true;
    }

    private static InstanceProperties? Find()
    {
        PropertyInfo? members = typeof(PSObject).GetProperty("InstanceMembers", Internal);
        PropertyInfo? count = members?.PropertyType.GetProperty("Count", Internal);
        PropertyInfo? at = members?.PropertyType.GetProperty("Item", Internal, null, typeof(PSMemberInfo), [typeof(int)], null);
        PropertyInfo? typeNames = typeof(PSObject).GetProperty("InternalTypeNames", Internal);
        return members is not null && count?.PropertyType == typeof(int) && at is not null && typeNames is not null
            && typeof(PSMemberInfoCollection<PSMemberInfo>).IsAssignableFrom(members.PropertyType) && typeof(Collection<string>).IsAssignableFrom(typeNames.PropertyType)
            ? new InstanceProperties(members, count, at, typeNames)
            : null;
    }
}
