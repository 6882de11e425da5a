using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

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

    /// <summary>True if it has properties as payloads do.</summary>
    public bool MayBePayload { get; private set; }

    /// <summary>Makes an object the current row.</summary>
    /// <exception cref="EventRowException">Two of its properties mean the same member of <c>meta</c>, or its names can't be read.</exception>
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

    /// <summary>True if rows like the last one can be captured.</summary>
    public bool CanCapture => _plan is not null && _isCustom && !MayBePayload;

    /// <summary>A block for rows like the last one.</summary>
    public RowBlock NewBlock(long firstRow) => new(_plan!, firstRow);

    /// <summary>Takes the values of an object that is like the last row, if they are plain ones.</summary>
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

    /// <summary>Reads properties by index if the object has exactly the previous row's properties.</summary>
    private bool TryTakeSameColumns(PSObject source, Span<object?> properties)
    {
        // A type may have properties that are not the object's own (Update-TypeData): objects of other types are enumerated.
        return _isCustom && source.BaseObject is PSCustomObject
            && SameTypes(PSObjectInternals.Known!.OwnTypeNames(source), _planTypeNames)
            && PSObjectInternals.Known.TryTake(source, _plan!.Columns, properties);
    }

    private static bool SameTypes(Collection<string>? types, Collection<string>? others) =>
        ReferenceEquals(types, others) || (types is not null && others is not null && types.SequenceEqual(others));

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

/// <summary>
/// The own properties of a custom object, by index. Enumerating an object's properties costs more than
/// everything else that is done with a row; reading them by index, and checking that their names equal those of the previous row,
/// costs almost nothing. PowerShell does not make this public: if it is not available, properties are enumerated. The fields are
/// read, not the properties, which take a lock for each member, and look up the types' names for each object.
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

    /// <summary>The way to them; null if this PowerShell has none that is known.</summary>
    public static PSObjectInternals? Known { get; } = Find();

    /// <summary>The names of a custom object's types, if it was given others than custom objects have; else null.</summary>
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

    /// <summary>Takes an object's properties, if they have exactly these names in this order.</summary>
    /// <returns>False if they have not.</returns>
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
