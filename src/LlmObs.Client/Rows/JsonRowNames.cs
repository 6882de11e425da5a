using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LlmObs.Client.Rows;

/// <summary>
/// Remembers what names mean by the place they stand at: objects that follow each other nearly always have the same names
/// in the same order, and are compared with those of the object before instead of being looked up.
/// </summary>
internal sealed class JsonRowNames
{
    private const int MostRemembered = 256; // an object may have a million names

    private readonly List<JsonRowName> _remembered = [];

    /// <summary>What a name means.</summary>
    /// <param name="place">Its place in its object, from 0.</param>
    /// <param name="utf8">The name as it stands in the text, without its quotes.</param>
    /// <exception cref="EventRowException">The name is no text.</exception>
    [MethodImpl(HotPath.Compiled)]
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

    /// <summary>The first of an object's names that means a field; null where it stands too far back.</summary>
    /// <param name="field">The field.</param>
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

/// <summary>What a member's name means.</summary>
/// <param name="Utf8">The name as it stands in the text.</param>
/// <param name="Text">The name.</param>
/// <param name="Field">The field, where it is one.</param>
/// <param name="MetaMember">The member of a span's <c>meta</c>, where it is one without a field.</param>
internal sealed record JsonRowName(byte[] Utf8, string Text, EventField? Field, string? MetaMember)
{
    /// <summary>Whether it is a name that the payload of a request has, and no event.</summary>
    public bool IsOfPayload { get; } = PayloadShape.IsEnvelope(Text) || PayloadShape.KindOf(Text) is not null;
}
