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
    private static readonly HashSet<string> PayloadNames = new(StringComparer.OrdinalIgnoreCase) { "data", "attributes", "spans", "metrics" };

    private readonly List<string> names = [];
    private readonly List<object?> values = [];
    private ColumnPlan? plan;
    private string? planTypeName;
    private PSObject? loaded;
    private bool unknownTold;
    private RowPlace place;

    public override RowPlace Place => place;

    public override IReadOnlyList<string> MetaMembers => plan!.MetaMembers;

    public override IReadOnlyList<string> Columns => plan!.Columns;

    /// <summary>Whether it has properties as payloads do.</summary>
    public bool MayBePayload { get; private set; }

    /// <summary>Makes an object the current row.</summary>
    /// <exception cref="EventRowException">Two of its properties mean the same field, or its names can't be read.</exception>
    public void Load(PSObject source, RowPlace at)
    {
        place = at;
        loaded = source;
        if (plan is not null && TryLoadSameColumns(source, plan.Columns))
        {
            return;
        }

        names.Clear();
        values.Clear();
        planTypeName = source.TypeNames.FirstOrDefault();
        try
        {
            Gather(source);
        }
        catch (Exception e) when (e is not (EventRowException or PipelineStoppedException or OperationCanceledException))
        {
            throw new EventRowException(string.Empty, $"its properties could not be read: {e.Message.TrimEnd('.')}");
        }

        if (plan is null || !names.SequenceEqual(plan.Columns))
        {
            plan = new ColumnPlan([.. names], jsonColumns, isTable);
            MayBePayload = !isTable && plan.UnknownColumns.Any(PayloadNames.Contains);
            unknownTold = plan.UnknownColumns.Count == 0;
        }
    }

    /// <summary>Says once for each kind of row what of it is not sent.</summary>
    public void TellUnknown()
    {
        if (!unknownTold)
        {
            unknownTold = true;
            ignore(plan!.UnknownColumns);
        }
    }

    private void Gather(PSObject source)
    {
        if (source.BaseObject is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                object? key = PowerShellFreeForm.UnwrapCell(entry.Key);
                names.Add(FreeFormJson.NameOf(key) ?? throw new EventRowException(string.Empty, $"it has a key of type {key?.GetType().ToString() ?? "null"}; names of fields are text"));
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
    }

    /// <summary>Takes the properties by their names, where the object has those of the row before, and no others.</summary>
    private bool TryLoadSameColumns(PSObject source, IReadOnlyList<string> columns)
    {
        // A type may bring properties that are not the object's own (Update-TypeData): another type is walked through.
        if (InstanceProperties.Count(source) != columns.Count || source.TypeNames.FirstOrDefault() != planTypeName)
        {
            return false;
        }

        PSMemberInfoCollection<PSPropertyInfo> properties = source.Properties;
        values.Clear();
        for (int column = 0; column < columns.Count; column++)
        {
            if (properties[columns[column]] is not PSPropertyInfo property)
            {
                return false;
            }

            values.Add(property);
        }

        return true;
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
            values[column] = PropertyReading.ValueOf(property, loaded!);
        }

        object? value = values[column];
        return Cell.Of(PowerShellFreeForm.UnwrapCell(value), value);
    }
}
