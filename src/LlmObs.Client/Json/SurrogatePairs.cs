using System.Buffers;
using System.Text;

namespace LlmObs.Client.Json;

/// <summary>Text that holds half of a surrogate pair can't be sent; writing a replacement for it would change the data in silence.</summary>
internal static class SurrogatePairs
{
    /// <summary>Why it can't be sent, as the end of a sentence.</summary>
    public const string Half = "holds half of a surrogate pair, which is no character";

    /// <summary>Whether every pair in a text is whole.</summary>
    public static bool AreWhole(ReadOnlySpan<char> text)
    {
        for (int at; (at = text.IndexOfAnyInRange('\uD800', '\uDFFF')) >= 0;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[(at + length)..];
        }

        return true;
    }
}
