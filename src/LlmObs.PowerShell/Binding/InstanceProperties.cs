using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace LlmObs.PowerShell.Binding;

/// <summary>
/// Counts the properties that a custom object has of its own. Walking through them costs more than all else that is done
/// with a row; looking known ones up costs next to nothing, but only with their number is it sure that none is missed.
/// PowerShell does not make that number public: where it can't be had, rows are walked through.
/// </summary>
internal static class InstanceProperties
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly Func<PSObject, int>? Counter = MakeCounter();

    /// <summary>Their number; -1 where it is not known.</summary>
    public static int Count(PSObject source) => source.BaseObject is PSCustomObject && Counter is not null ? Counter(source) : -1;

    private static Func<PSObject, int>? MakeCounter()
    {
        PropertyInfo? members = typeof(PSObject).GetProperty("InstanceMembers", Internal);
        PropertyInfo? count = members?.PropertyType.GetProperty("Count", Internal);
        if (members is null || count?.PropertyType != typeof(int))
        {
            return null;
        }

        ParameterExpression source = Expression.Parameter(typeof(PSObject));
        return Expression.Lambda<Func<PSObject, int>>(Expression.Property(Expression.Property(source, members), count), source).Compile();
    }
}
