using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace LlmObs.Client.Rows;

/// <summary>A row that is a JSON object. Its values are pieces of the text it came in.</summary>
public sealed class JsonRow : EventRow
{
    private static readonly int FieldCount = Enum.GetValues<EventField>().Length;

    private readonly (int Start, int Length)[] slots = new (int, int)[FieldCount];
    private readonly OrderedDictionary<string, (int Start, int Length)> metaMembers = new(StringComparer.Ordinal);
    private readonly List<string> unknown = [];
    private readonly RepeatedFields repeated = new();
    private List<(int Start, int Length)>? repeatedSlots; // rows seldom have any
    private readonly JsonRowNames names = new();
    private ReadOnlyMemory<byte> json;
    private IReadOnlyList<NumberWord> words = [];
    private RowPlace place;
    private bool isReadBack;

    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetaMembers => metaMembers.Keys;

    /// <summary>Names that are no field of an event, and are not sent.</summary>
    public IReadOnlyList<string> UnknownNames => IsReadBack ? unknown.FindAll(name => !EventFieldNames.IsOfService(name)) : unknown;

    /// <inheritdoc/>
    public override bool IsReadBack => isReadBack;

    /// <inheritdoc/>
    public override IReadOnlyList<RepeatedField> Repeated => repeated.Items;

    /// <summary>Whether it has members as payloads do: what it is must be looked at more closely.</summary>
    internal bool MayBePayload { get; private set; }

    /// <summary>Makes an object the current row.</summary>
    /// <param name="value">The object's text; it must stay as it is while the row is current.</param>
    /// <param name="at">Where it stands.</param>
    /// <returns>False where the text is not one JSON object with nothing but blanks around it.</returns>
    /// <exception cref="EventRowException">Two members mean the same one of <c>meta</c>, or the text is not Unicode.</exception>
    [MethodImpl(HotPath.Compiled)]
    public bool TryLoad(ReadOnlyMemory<byte> value, RowPlace at) => TryLoad(value, at, []);

    /// <summary>Makes an object the current row, whose text may have held numbers that are none in JSON.</summary>
    /// <param name="value">The object's text, with those numbers overwritten.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="numberWords">Those numbers.</param>
    /// <inheritdoc cref="TryLoad(ReadOnlyMemory{byte}, RowPlace)"/>
    [MethodImpl(HotPath.Compiled)]
    internal bool TryLoad(ReadOnlyMemory<byte> value, RowPlace at, IReadOnlyList<NumberWord> numberWords)
    {
        words = numberWords;
        json = value;
        place = at;
        Array.Clear(slots);
        metaMembers.Clear();
        unknown.Clear();
        MayBePayload = false;
        if (isReadBack)
        {
            isReadBack = false;
            repeated.Clear();
            repeatedSlots?.Clear();
        }

        if (!Utf8.IsValid(value.Span))
        {
            throw new EventRowException(string.Empty, "it " + CellConversion.NotUtf8(default).Reason);
        }

        JsonEscapes.RefuseHalfPairs(value.Span, string.Empty);

        return TryFindMembers(value.Span);
    }

    /// <inheritdoc/>
    [MethodImpl(HotPath.Compiled)]
    public override Cell Get(EventField field) => words.Count == 0 ? At(slots[(int)field]) : At(slots[(int)field], EventFieldNames.ApiName(field));

    /// <inheritdoc/>
    public override Cell GetRepeated(int index) => At(repeatedSlots![index], EventFieldNames.ApiName(repeated.Items[index].Field));

    /// <inheritdoc/>
    public override Cell GetMetaMember(int index) => At(metaMembers.GetAt(index).Value, "meta." + metaMembers.GetAt(index).Key);

    [MethodImpl(HotPath.Compiled)]
    private bool TryFindMembers(ReadOnlySpan<byte> text)
    {
        int at = JsonScan.Blanks(text, 0);
        if (!JsonScan.Is(text, at, '{'))
        {
            return false;
        }

        at = JsonScan.Blanks(text, at + 1);
        for (int count = 0; count > 0 || !JsonScan.Is(text, at, '}'); count++)
        {
            int end = JsonScan.String(text, at);
            if (end == JsonScan.No)
            {
                return false;
            }

            ReadOnlySpan<byte> name = text[(at + 1)..(end - 1)];
            at = JsonScan.Blanks(text, end);
            if (!JsonScan.Is(text, at, ':'))
            {
                return false;
            }

            at = JsonScan.Blanks(text, at + 1);
            end = JsonScan.Value(text, at, depth: 1);
            if (end == JsonScan.No)
            {
                return false;
            }

            Keep(names.At(count, name), (at, end - at), count);
            at = JsonScan.Blanks(text, end);
            if (!JsonScan.Is(text, at, ','))
            {
                break;
            }

            at = JsonScan.Blanks(text, at + 1);
        }

        return JsonScan.Is(text, at, '}') && JsonScan.Blanks(text, at + 1) == text.Length;
    }

    [MethodImpl(HotPath.Compiled)]
    private Cell At((int Start, int Length) slot) =>
        slot.Length == 0 ? Cell.Missing : Cell.OfJson(json.Span.Slice(slot.Start, slot.Length));

    private Cell At((int Start, int Length) slot, string name) =>
        slot.Length == 0 ? Cell.Missing : JsonCells.At(json.Span, slot.Start, slot.Length, words, name);

    [MethodImpl(HotPath.Compiled)]
    private void Keep(JsonRowName name, (int Start, int Length) slot, int member)
    {
        if (name.Field is EventField known)
        {
            if (slots[(int)known].Length > 0)
            {
                slot = KeepRepeated(known, names.FirstOf(known, member)?.Text ?? EventFieldNames.ApiName(known), name.Text, slot);
            }

            isReadBack |= EventFieldNames.IsReadOnly(known);
            slots[(int)known] = slot;
        }
        else if (name.MetaMember is not null)
        {
            if (!metaMembers.TryAdd(name.MetaMember, slot))
            {
                throw new EventRowException("meta." + name.MetaMember, "is given twice");
            }
        }
        else
        {
            unknown.Add(name.Text);
            MayBePayload |= name.IsOfPayload;
        }
    }

    /// <summary>Keeps one of two values of a field aside, and says which of them counts: the first, unless the second is more exact.</summary>
    private (int Start, int Length) KeepRepeated(EventField field, string takenName, string name, (int Start, int Length) slot)
    {
        isReadBack = true;
        repeatedSlots ??= [];
        (int Start, int Length) taken = slots[(int)field];
        if (EventFieldNames.IsView(field, takenName, name))
        {
            repeated.Add(field, name, takenName);
            repeatedSlots.Add(taken);
            return slot;
        }

        repeated.Add(field, takenName, name);
        repeatedSlots.Add(slot);
        return taken;
    }
}
