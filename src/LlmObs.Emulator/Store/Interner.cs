using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Store;

/// <summary>Gives each distinct text a number, so that a million rows share one string. Not thread-safe.</summary>
internal sealed class Interner
{
    private const int StackChars = 256;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _texts = [];

    public Interner()
    {
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string this[int number] => _texts[number];

    /// <summary>The number of a text; null where it has none yet.</summary>
    public int? Find(string text) => _numbers.TryGetValue(text, out int number) ? number : null;

    public int Intern(byte[] body, TextSlice slice)
    {
        // A UTF-8 text, escaped or not, never has more characters than bytes.
        char[]? rented = slice.Length > StackChars ? ArrayPool<char>.Shared.Rent(slice.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        int length = slice.IsEscaped
            ? Unescape(body, slice, chars)
            : Encoding.UTF8.GetChars(body.AsSpan(slice.Start, slice.Length), chars);
        int number = Intern(chars[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return number;
    }

    private static int Unescape(byte[] body, TextSlice slice, Span<char> chars)
    {
        var reader = new Utf8JsonReader(body.AsSpan(slice.Start - 1, slice.Length + 2));
        reader.Read();
        return reader.CopyString(chars);
    }

    private int Intern(ReadOnlySpan<char> text)
    {
        if (!_lookup.TryGetValue(text, out int number))
        {
            number = _texts.Count;
            string kept = text.ToString();
            _texts.Add(kept);
            _numbers.Add(kept, number);
        }

        return number;
    }
}
