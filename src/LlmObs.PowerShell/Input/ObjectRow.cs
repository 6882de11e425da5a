using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace LlmObs.PowerShell.Input;

/// <summary>
/// A row that is a PowerShell object or a hashtable. Which property is which field is worked out once for all objects with
/// the same properties.
/// </summary>
internal sealed class ObjectRow(IReadOnlySet<string> jsonColumns, bool isTable, Action<IReadOnlyList<string>> ignore) : EventRow
{
    private static readonly HashSet<string> PayloadNames = new(StringComparer.OrdinalIgnoreCase) { "data", "attributes", "spans", "metrics" };

    private readonly List<string> names = [];
    private object?[] values = [];
    private ColumnPlan? plan;
    private Collection<string>? planTypeNames;
    private bool isCustom; // the last row, with members that can be taken by their places
    private PSObject? loaded;
    private bool unknownTold;
    private RowPlace place;

    public override RowPlace Place => place;

    public override IReadOnlyList<string> MetaMembers => plan!.MetaMembers;

    public override IReadOnlyList<string> Columns => plan!.Columns;

    public override bool IsReadBack => plan!.IsReadBack;

    public override IReadOnlyList<RepeatedField> Repeated => plan!.Repeated;

    /// <summary>Whether it has properties as payloads do.</summary>
    public bool MayBePayload { get; private set; }

    /// <summary>Makes an object the current row.</summary>
    /// <exception cref="EventRowException">Two of its properties mean the same member of <c>meta</c>, or its names can't be read.</exception>
    [MethodImpl(HotPath.Compiled)]
    public void Load(PSObject source, RowPlace at)
    {
        place = at;
        loaded = source;
        if (plan is not null && TryTakeSameColumns(source, values))
        {
            return;
        }

        names.Clear();
        var found = new List<object?>();
        isCustom = source.BaseObject is PSCustomObject && InstanceProperties.Known is not null;
        planTypeNames = isCustom ? InstanceProperties.Known!.OwnTypeNames(source) : null;
        try
        {
            Gather(source, found);
        }
        catch (Exception e) when (e is not (EventRowException or PipelineStoppedException or OperationCanceledException))
        {
            throw new EventRowException(string.Empty, $"its properties could not be read: {e.Message.TrimEnd('.')}");
        }

        values = [.. found];
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

    /// <summary>Whether rows like the last one can be captured.</summary>
    public bool CanCapture => plan is not null && isCustom && !MayBePayload;

    /// <summary>A block for rows like the last one.</summary>
    public RowBlock NewBlock(long firstRow) => new(plan!, firstRow);

    /// <summary>Takes the values of an object that is like the last row, where they are plain ones.</summary>
    [MethodImpl(HotPath.Compiled)]
    public bool TryCapture(PSObject source, RowBlock block)
    {
        Span<object?> captured = block.Open();
        if (!TryTakeSameColumns(source, captured))
        {
            return false;
        }

        foreach (ref object? taken in captured)
        {
            // Any other kind of property runs code, which is for the pipeline thread.
            object? value = taken is PSNoteProperty property ? property.Value : this;
            if (value is not (string or null) && !IsPlain(value = PowerShellFreeForm.UnwrapCell(value)))
            {
                return false;
            }

            taken = value;
        }

        block.Close(source);
        return true;
    }

    private void Gather(PSObject source, List<object?> found)
    {
        if (source.BaseObject is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                object? key = PowerShellFreeForm.UnwrapCell(entry.Key);
                names.Add(FreeFormJson.NameOf(key) ?? throw new EventRowException(string.Empty, $"it has a key of type {key?.GetType().ToString() ?? "null"}; names of fields are text"));
                found.Add(entry.Value);
            }
        }
        else
        {
            foreach (PSPropertyInfo property in source.Properties)
            {
                names.Add(property.Name);
                found.Add(property); // read when it is asked for: a script property may be dear, or throw
            }
        }
    }

    private static bool IsPlain(object? value) =>
        value is null or string or DateTimeOffset or TimeSpan or Guid || Type.GetTypeCode(value.GetType()) != TypeCode.Object;

    /// <summary>Takes the properties by their places, where the object has those of the row before, and no others.</summary>
    [MethodImpl(HotPath.Compiled)]
    private bool TryTakeSameColumns(PSObject source, Span<object?> properties)
    {
        // A type may bring properties that are not the object's own (Update-TypeData): another type is walked through.
        return isCustom && source.BaseObject is PSCustomObject
            && SameTypes(InstanceProperties.Known!.OwnTypeNames(source), planTypeNames)
            && InstanceProperties.Known.TryTake(source, plan!.Columns, properties);
    }

    private static bool SameTypes(Collection<string>? types, Collection<string>? others) =>
        ReferenceEquals(types, others) || (types is not null && others is not null && types.SequenceEqual(others));

    [MethodImpl(HotPath.Compiled)]
    public override Cell Get(EventField field) => At(plan!.ColumnOf(field));

    public override Cell GetColumn(int index) => At(index);

    public override Cell GetRepeated(int index) => At(plan!.ColumnOfRepeated(index));

    public override Cell GetMetaMember(int index) => At(plan!.ColumnOfMetaMember(index));

    public override bool IsJsonColumn(EventField field) => plan!.IsJson(plan.ColumnOf(field));

    public override Cell GetMember(int index, string path)
    {
        Cell cell = At(index);
        return cell.Kind == CellKind.Value ? ObjectMembers.Find(cell.Value, path) : InText(cell, path);
    }

    [MethodImpl(HotPath.Compiled)]
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
