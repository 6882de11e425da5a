using System.Text;

namespace LlmObs.Client.Tables;

/// <summary>Knows the text that stands for "no value".</summary>
internal sealed class MissingValues
{
    private readonly HashSet<string> _words;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _longest;

    public MissingValues(IEnumerable<string> given)
    {
        _words = given.Select(word => word.Trim()).Where(word => word.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = _words.Count == 0 ? 0 : _words.Max(word => word.Length);
    }

    /// <summary>Whether a cell holds such a text; <paramref name="word"/> is how it is written in the list.</summary>
    public bool Has(in Cell cell, out string word)
    {
        const int MostBlanks = 16;
        word = string.Empty;
        if (cell.Kind == CellKind.Number)
        {
            return double.IsNaN(cell.Number) && _words.TryGetValue("nan", out word!);
        }

        if (cell.Kind == CellKind.Utf8)
        {
            // Most cells are longer or numbers: they are not made a string for this.
            if (cell.Utf8.Length > (_longest * 4) + MostBlanks || !Ascii.IsValid(cell.Utf8))
            {
                return _longest > 0 && cell.Utf8.Length <= (_longest * 4) + MostBlanks && _lookup.TryGetValue(Encoding.UTF8.GetString(cell.Utf8).AsSpan().Trim(), out word!);
            }

            Span<char> text = stackalloc char[cell.Utf8.Length];
            Encoding.ASCII.GetChars(cell.Utf8, text);
            return _lookup.TryGetValue(text.Trim(), out word!);
        }

        return cell.Kind is CellKind.Text or CellKind.Json && cell.TryGetText(out string found) && _lookup.TryGetValue(found.AsSpan().Trim(), out word!);
    }
}
