using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmObs.Client.Json;

/// <summary>
/// Tells if bytes are UTF-8, as <see cref="System.Text.Unicode.Utf8.IsValid"/> does. That one is precompiled, so .NET puts its counters
/// into it once it is in use, and in the first seconds of a process they take a tenth of the time of sending a file.
/// </summary>
internal static class Utf8Text
{
    private const int Longest = 4; // bytes of a character

    /// <summary>True if all characters are whole, in their shortest form, and no halves of surrogate pairs.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        // What comes before a text and after it counts as NUL: behind a character that is cut off that is a mistake.
        Span<byte> edge = stackalloc byte[Longest - 1 + Vector256<byte>.Count];
        edge.Clear();
        text[..Math.Min(text.Length, Vector256<byte>.Count)].CopyTo(edge[(Longest - 1)..]);
        Vector256<byte> mistakes = Mistakes(edge);
        int at = Vector256<byte>.Count;
        for (; text.Length - at >= Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            mistakes |= Mistakes(text[(at - Longest + 1)..]);
        }

        if (at <= text.Length)
        {
            edge.Clear();
            text[(at - Longest + 1)..].CopyTo(edge);
            mistakes |= Mistakes(edge);
        }

        return mistakes == Vector256<byte>.Zero;
    }

    /// <summary>Checks a block by what stands before each byte.</summary>
    /// <param name="text">Three bytes before the block, and the block.</param>
    /// <returns>Bits at bytes that can't stand there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Mistakes(ReadOnlySpan<byte> text)
    {
        ref byte start = ref MemoryMarshal.GetReference(text[..(Longest - 1 + Vector256<byte>.Count)]);
        Vector256<byte> third = Vector256.LoadUnsafe(ref start);
        Vector256<byte> second = Vector256.LoadUnsafe(ref start, 1);
        Vector256<byte> before = Vector256.LoadUnsafe(ref start, 2);
        Vector256<byte> block = Vector256.LoadUnsafe(ref start, 3);

        // The first byte of a character says how many follow; those are 80 to BF, and nothing else is.
        Vector256<byte> follows = From(before, 0xC0) | From(second, 0xE0) | From(third, 0xF0);
        Vector256<byte> continues = From(block, 0x80) & ~From(block, 0xC0);

        // No first byte: C0, C1, F5 to FF. No second one: what has a shorter form, is half a surrogate pair, or beyond the last character.
        Vector256<byte> never = (From(block, 0xC0) & ~From(block, 0xC2)) | From(block, 0xF5);
        Vector256<byte> wrong = (Is(before, 0xE0) & ~From(block, 0xA0)) | (Is(before, 0xED) & From(block, 0xA0))
            | (Is(before, 0xF0) & ~From(block, 0x90)) | (Is(before, 0xF4) & From(block, 0x90));
        return (follows ^ continues) | never | wrong;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> From(Vector256<byte> block, byte least) => Vector256.GreaterThanOrEqual(block, Vector256.Create(least));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Is(Vector256<byte> block, byte value) => Vector256.Equals(block, Vector256.Create(value));
}
