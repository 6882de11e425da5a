using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Client.Rows;

/// <summary>A row that is a JSON object. Its values are pieces of the text it came in.</summary>
public sealed class JsonRow : EventRow
{
    private static readonly int FieldCount = Enum.GetValues<EventField>().Length;

    private readonly (int Start, int Length)[] _slots = new (int, int)[FieldCount];
    private readonly OrderedDictionary<string, (int Start, int Length)> _metaMembers = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private readonly DuplicateColumns _repeated = new();
    private List<(int Start, int Length)>? _repeatedSlots; // rows seldom have any
    private readonly JsonRowNames _names = new();
    private ReadOnlyMemory<byte> _json;
    private IReadOnlyList<NumberWord> _words = [];
    private RowPlace _place;
    private bool _isReadBack;

    /// <inheritdoc/>
    public override RowPlace Place => _place;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetaMembers => _metaMembers.Keys;

    /// <summary>Names that are no field of an event, and are not sent.</summary>
    public IReadOnlyList<string> UnknownNames => IsReadBack ? _unknown.FindAll(name => !FieldNames.IsOfService(name)) : _unknown;

    /// <inheritdoc/>
    public override bool IsReadBack => _isReadBack;

    /// <inheritdoc/>
    public override IReadOnlyList<DuplicateColumn> Repeated => _repeated.Items;

    /// <summary>True if it has members of a payload, and must be checked more closely.</summary>
    internal bool MayBePayload { get; private set; }

    /// <summary>Makes an object the current row.</summary>
    /// <param name="value">The object's text; it must stay as it is while the row is current.</param>
    /// <param name="at">Its place.</param>
    /// <returns>False if the text is not one JSON object with nothing but blanks around it.</returns>
    /// <exception cref="EventRowException">Two members mean the same one of <c>meta</c>, or the text is not Unicode.</exception>
    [MethodImpl(HotPath.FullyOptimized)]
    public bool TryLoad(ReadOnlyMemory<byte> value, RowPlace at) => TryLoad(value, at, []);

    /// <summary>Makes an object the current row, whose text may have held numbers that are none in JSON.</summary>
    /// <param name="value">The object's text, with those numbers overwritten.</param>
    /// <param name="at">Its place.</param>
    /// <param name="numberWords">Those numbers.</param>
    /// <inheritdoc cref="TryLoad(ReadOnlyMemory{byte}, RowPlace)"/>
    [MethodImpl(HotPath.FullyOptimized)]
    internal bool TryLoad(ReadOnlyMemory<byte> value, RowPlace at, IReadOnlyList<NumberWord> numberWords)
    {
        _words = numberWords;
        _json = value;
        _place = at;
        Array.Clear(_slots);
        _metaMembers.Clear();
        _unknown.Clear();
        MayBePayload = false;
        if (_isReadBack)
        {
            _isReadBack = false;
            _repeated.Clear();
            _repeatedSlots?.Clear();
        }

        if (!Utf8.IsValid(value.Span))
        {
            throw new EventRowException(string.Empty, "it " + FieldParser.NotUtf8Reason);
        }

        JsonEscapes.RefuseHalfPairs(value.Span, string.Empty);

        return TryFindMembers(value.Span);
    }

    /// <inheritdoc/>
    [MethodImpl(HotPath.FullyOptimized)]
    public override Cell Get(EventField field) => _words.Count == 0 ? At(_slots[(int)field]) : At(_slots[(int)field], FieldNames.ApiName(field));

    /// <inheritdoc/>
    public override Cell GetRepeated(int index) => At(_repeatedSlots![index], FieldNames.ApiName(_repeated.Items[index].Field));

    /// <inheritdoc/>
    public override Cell GetMetaMember(int index) => At(_metaMembers.GetAt(index).Value, "meta." + _metaMembers.GetAt(index).Key);

    [MethodImpl(HotPath.FullyOptimized)]
    private bool TryFindMembers(ReadOnlySpan<byte> text)
    {
        int at = JsonValidator.Blanks(text, 0);
        if (!JsonValidator.Is(text, at, '{'))
        {
            return false;
        }

        at = JsonValidator.Blanks(text, at + 1);
        for (int count = 0; count > 0 || !JsonValidator.Is(text, at, '}'); count++)
        {
            int end = JsonValidator.String(text, at);
            if (end == JsonValidator.NotFound)
            {
                return false;
            }

            ReadOnlySpan<byte> name = text[(at + 1)..(end - 1)];
            at = JsonValidator.Blanks(text, end);
            if (!JsonValidator.Is(text, at, ':'))
            {
                return false;
            }

            at = JsonValidator.Blanks(text, at + 1);
            end = JsonValidator.Value(text, at, depth: 1);
            if (end == JsonValidator.NotFound)
            {
                return false;
            }

            Keep(_names.At(count, name), (at, end - at), count);
            at = JsonValidator.Blanks(text, end);
            if (!JsonValidator.Is(text, at, ','))
            {
                break;
            }

            at = JsonValidator.Blanks(text, at + 1);
        }

        return JsonValidator.Is(text, at, '}') && JsonValidator.Blanks(text, at + 1) == text.Length;
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private Cell At((int Start, int Length) slot) =>
        slot.Length == 0 ? Cell.Missing : Cell.OfJson(_json.Span.Slice(slot.Start, slot.Length));

    private Cell At((int Start, int Length) slot, string name) =>
        slot.Length == 0 ? Cell.Missing : JsonCells.At(_json.Span, slot.Start, slot.Length, _words, name);

    [MethodImpl(HotPath.FullyOptimized)]
    private void Keep(JsonRowName name, (int Start, int Length) slot, int member)
    {
        if (name.Field is EventField known)
        {
            if (_slots[(int)known].Length > 0)
            {
                slot = KeepRepeated(known, _names.FirstOf(known, member)?.Text ?? FieldNames.ApiName(known), name.Text, slot);
            }

            _isReadBack |= FieldNames.IsReadOnly(known);
            _slots[(int)known] = slot;
        }
        else if (name.MetaMember is not null)
        {
            if (!_metaMembers.TryAdd(name.MetaMember, slot))
            {
                throw new EventRowException("meta." + name.MetaMember, "is given twice");
            }
        }
        else
        {
            _unknown.Add(name.Text);
            MayBePayload |= name.IsOfPayload;
        }
    }

    /// <summary>Keeps the second value of a field, and returns the one that counts: the first, unless the second is more exact.</summary>
    private (int Start, int Length) KeepRepeated(EventField field, string takenName, string name, (int Start, int Length) slot)
    {
        _isReadBack = true;
        _repeatedSlots ??= [];
        (int Start, int Length) taken = _slots[(int)field];
        if (FieldNames.IsView(field, takenName, name))
        {
            _repeated.Add(field, name, takenName);
            _repeatedSlots.Add(taken);
            return slot;
        }

        _repeated.Add(field, takenName, name);
        _repeatedSlots.Add(slot);
        return taken;
    }
}

/// <summary>
/// Remembers the meaning of names by their position: consecutive objects nearly always have the same names
/// in the same order, so they are compared with those of the previous object instead of being looked up.
/// </summary>
internal sealed class JsonRowNames
{
    private const int MostRemembered = 256; // an object may have a million names

    private readonly List<JsonRowName> _remembered = [];

    /// <summary>The meaning of a name.</summary>
    /// <param name="place">Its place in its object, from 0.</param>
    /// <param name="utf8">The name in the text, without its quotes.</param>
    /// <exception cref="EventRowException">The name is no text.</exception>
    [MethodImpl(HotPath.FullyOptimized)]
    public JsonRowName At(int place, ReadOnlySpan<byte> utf8)
    {
        if (place < _remembered.Count && utf8.SequenceEqual(_remembered[place].Utf8))
        {
            return _remembered[place];
        }

        JsonRowName name = Understand(utf8);
        if (place < _remembered.Count)
        {
            _remembered[place] = name;
        }
        else if (place < MostRemembered)
        {
            _remembered.Add(name);
        }

        return name;
    }

    /// <summary>The first of an object's names that means a field; null if it is too far back.</summary>
    /// <param name="end">The place of the object's present member.</param>
    public JsonRowName? FirstOf(EventField field, int end) => _remembered.Take(end).FirstOrDefault(name => name.Field == field);

    private static JsonRowName Understand(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader([(byte)'"', .. utf8, (byte)'"']);
            reader.Read();
            string text = reader.GetString()!;
            bool known = FieldNames.TryFind(text, out EventField field, out string? member);
            return new JsonRowName(utf8.ToArray(), text, known ? field : null, member);
        }
        catch (InvalidOperationException)
        {
            throw new EventRowException(string.Empty, "it has a name that " + SurrogatePairs.Half);
        }
    }
}

/// <summary>The meaning of a member's name.</summary>
/// <param name="Utf8">The name in the text.</param>
/// <param name="Text">The name.</param>
/// <param name="Field">The field, if it is one.</param>
/// <param name="MetaMember">The member of a span's <c>meta</c>, if it is one without a field.</param>
internal sealed record JsonRowName(byte[] Utf8, string Text, EventField? Field, string? MetaMember)
{
    /// <summary>True if it is a name that the payload of a request has, and no event.</summary>
    public bool IsOfPayload { get; } = PayloadShape.IsEnvelope(Text) || PayloadShape.KindOf(Text) is not null;
}
