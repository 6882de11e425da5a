using System.Collections;
using System.Management.Automation;
using LlmObs.Client;

namespace LlmObs.PowerShell.Binding;

/// <summary>
/// A row that is a PowerShell object or a hashtable. Which property is which field is worked out once for all objects with
/// the same properties.
/// </summary>
internal sealed class ObjectRow(IReadOnlySet<string> jsonColumns, bool isTable, Action<IReadOnlyList<string>> ignore) : EventRow
{
    private readonly List<string> names = [];
    private readonly List<object?> values = [];
    private ColumnPlan? plan;
    private RowPlace place;

    public override RowPlace Place => place;

    public override IReadOnlyList<string> MetaMembers => plan!.MetaMembers;

    public override IReadOnlyList<string> Columns => plan!.Columns;

    /// <summary>Makes an object the current row.</summary>
    /// <exception cref="EventRowException">Two of its properties mean the same field.</exception>
    public void Load(PSObject source, RowPlace at)
    {
        place = at;
        names.Clear();
        values.Clear();
        if (source.BaseObject is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                names.Add(entry.Key is PSObject key ? key.BaseObject.ToString()! : entry.Key.ToString()!);
                values.Add(entry.Value);
            }
        }
        else
        {
            foreach (PSPropertyInfo property in source.Properties)
            {
                names.Add(property.Name);
                values.Add(property); // read when it is asked for: a script property may be dear, or throw
            }
        }

        if (plan is null || !names.SequenceEqual(plan.Columns))
        {
            plan = new ColumnPlan([.. names], jsonColumns, isTable);
            if (plan.UnknownColumns.Count > 0)
            {
                ignore(plan.UnknownColumns);
            }
        }
    }

    public override Cell Get(EventField field) => At(plan!.ColumnOf(field));

    public override Cell GetColumn(int index) => At(index);

    public override Cell GetMetaMember(int index) => At(plan!.ColumnOfMetaMember(index));

    public override bool IsJsonColumn(EventField field) => plan!.IsJson(plan.ColumnOf(field));

    private Cell At(int column)
    {
        if (column < 0)
        {
            return Cell.Missing;
        }

        if (values[column] is PSPropertyInfo property)
        {
            try
            {
                values[column] = property.Value;
            }
            catch (GetValueException e)
            {
                throw new EventRowException(names[column], $"could not be read: {(e.InnerException ?? e).Message}");
            }
        }

        object? value = values[column];
        return Cell.Of(PowerShellFreeForm.UnwrapCell(value), value);
    }
}
