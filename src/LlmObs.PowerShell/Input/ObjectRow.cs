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

    private readonly List<string> _names = [];
    private object?[] _values = [];
    private ColumnMap? _plan;
    private Collection<string>? _planTypeNames;
    private bool _isCustom; // the last row, with members that can be taken by their places
    private PSObject? _loaded;
    private bool _unknownTold;
    private RowPlace _place;

    public override RowPlace Place => _place;

    public override IReadOnlyList<string> MetaMembers => _plan!.MetaMembers;

    public override IReadOnlyList<string> Columns => _plan!.Columns;

    public override bool IsReadBack => _plan!.IsReadBack;

    public override IReadOnlyList<DuplicateColumn> Repeated => _plan!.Repeated;

    /// <summary>Whether it has properties as payloads do.</summary>
    public bool MayBePayload { get; private set; }

    /// <summary>Makes an object the current row.</summary>
    /// <exception cref="EventRowException">Two of its properties mean the same member of <c>meta</c>, or its names can't be read.</exception>
    [MethodImpl(HotPath.Compiled)]
    public void Load(PSObject source, RowPlace at)
    {
        _place = at;
        _loaded = source;
        if (_plan is not null && TryTakeSameColumns(source, _values))
        {
            return;
        }

        _names.Clear();
        var found = new List<object?>();
        _isCustom = source.BaseObject is PSCustomObject && PSObjectInternals.Known is not null;
        _planTypeNames = _isCustom ? PSObjectInternals.Known!.OwnTypeNames(source) : null;
        try
        {
            Gather(source, found);
        }
        catch (Exception e) when (e is not (EventRowException or PipelineStoppedException or OperationCanceledException))
        {
            throw new EventRowException(string.Empty, $"its properties could not be read: {e.Message.TrimEnd('.')}");
        }

        _values = [.. found];
        if (_plan is null || !_names.SequenceEqual(_plan.Columns))
        {
            _plan = new ColumnMap([.. _names], jsonColumns, isTable);
            MayBePayload = !isTable && _plan.UnknownColumns.Any(PayloadShape.HasMember);
            _unknownTold = _plan.UnknownColumns.Count == 0;
        }
    }

    /// <summary>Says once for each kind of row what of it is not sent.</summary>
    public void TellUnknown()
    {
        if (!_unknownTold)
        {
            _unknownTold = true;
            ignore(_plan!.UnknownColumns);
        }
    }

    /// <summary>Whether rows like the last one can be captured.</summary>
    public bool CanCapture => _plan is not null && _isCustom && !MayBePayload;

    /// <summary>A block for rows like the last one.</summary>
    public RowBlock NewBlock(long firstRow) => new(_plan!, firstRow);

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
            if (value is not (string or null) && !IsPlain(value = PSObjectJson.UnwrapCell(value)))
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
                object? key = PSObjectJson.UnwrapCell(entry.Key);
                _names.Add(HostObjectJson.NameOf(key) ?? throw new EventRowException(string.Empty, $"it has a key of type {key?.GetType().ToString() ?? "null"}; names of fields are text"));
                found.Add(entry.Value);
            }
        }
        else
        {
            foreach (PSPropertyInfo property in source.Properties)
            {
                _names.Add(property.Name);
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
        return _isCustom && source.BaseObject is PSCustomObject
            && SameTypes(PSObjectInternals.Known!.OwnTypeNames(source), _planTypeNames)
            && PSObjectInternals.Known.TryTake(source, _plan!.Columns, properties);
    }

    private static bool SameTypes(Collection<string>? types, Collection<string>? others) =>
        ReferenceEquals(types, others) || (types is not null && others is not null && types.SequenceEqual(others));

    [MethodImpl(HotPath.Compiled)]
    public override Cell Get(EventField field) => At(_plan!.ColumnOf(field));

    public override Cell GetColumn(int index) => At(index);

    public override Cell GetRepeated(int index) => At(_plan!.ColumnOfRepeated(index));

    public override Cell GetMetaMember(int index) => At(_plan!.ColumnOfMetaMember(index));

    public override bool IsJsonColumn(EventField field) => _plan!.IsJson(_plan.ColumnOf(field));

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

        if (_values[column] is PSPropertyInfo property)
        {
            _values[column] = SafePropertyReader.ValueOf(property, _loaded!);
        }

        object? value = _values[column];
        return Cell.Of(PSObjectJson.UnwrapCell(value), value);
    }
}
