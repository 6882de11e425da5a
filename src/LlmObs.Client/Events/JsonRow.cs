using System.Text.Json;
using System.Text.Unicode;

namespace LlmObs.Client;

/// <summary>A row that is a JSON object. Its values are pieces of the text it came in.</summary>
public sealed class JsonRow : EventRow
{
    private static readonly int FieldCount = Enum.GetValues<EventField>().Length;

    private readonly (int Start, int Length)[] slots = new (int, int)[FieldCount];
    private readonly List<string> metaMembers = [];
    private readonly List<(int Start, int Length)> metaSlots = [];
    private readonly List<string> unknown = [];
    private ReadOnlyMemory<byte> json;
    private RowPlace place;

    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetaMembers => metaMembers;

    /// <summary>Names that are no field of an event, and are not sent.</summary>
    public IReadOnlyList<string> UnknownNames => unknown;

    /// <summary>Makes an object the current row.</summary>
    /// <param name="value">The object's text, well formed; it must stay as it is while the row is current.</param>
    /// <param name="at">Where it stands.</param>
    /// <exception cref="EventRowException">Two members mean the same field.</exception>
    public void Load(ReadOnlyMemory<byte> value, RowPlace at)
    {
        json = value;
        place = at;
        Array.Clear(slots);
        metaMembers.Clear();
        metaSlots.Clear();
        unknown.Clear();
        if (!Utf8.IsValid(value.Span))
        {
            throw new EventRowException(string.Empty, "it " + CellConversion.NotUtf8(default).Reason);
        }

        try
        {
            FindMembers(value.Span);
        }
        catch (InvalidOperationException)
        {
            throw new EventRowException(string.Empty, "it has a name that holds half of a surrogate pair, which is no character");
        }
    }

    /// <inheritdoc/>
    public override Cell Get(EventField field) => At(slots[(int)field]);

    /// <inheritdoc/>
    public override Cell GetMetaMember(int index) => At(metaSlots[index]);

    private void FindMembers(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value, JsonEventReader.ReaderOptions);
        reader.Read();
        Span<char> name = stackalloc char[128];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> text = reader.ValueSpan.Length <= name.Length ? name[..reader.CopyString(name)] : reader.GetString();
            bool known = EventFieldNames.TryFind(text, out EventField field, out string? member);
            string? other = known || member is not null ? null : text.ToString();
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            Keep(known ? field : null, member, other, (start, (int)reader.BytesConsumed - start));
        }
    }

    private Cell At((int Start, int Length) slot) =>
        slot.Length == 0 ? Cell.Missing : Cell.OfJson(json.Span.Slice(slot.Start, slot.Length));

    private void Keep(EventField? field, string? member, string? other, (int Start, int Length) slot)
    {
        if (field is EventField known)
        {
            if (slots[(int)known].Length > 0)
            {
                throw EventRowException.For(known, "is given twice");
            }

            slots[(int)known] = slot;
        }
        else if (member is not null)
        {
            if (metaMembers.Contains(member))
            {
                throw new EventRowException("meta." + member, "is given twice");
            }

            metaMembers.Add(member);
            metaSlots.Add(slot);
        }
        else
        {
            unknown.Add(other!);
        }
    }
}
