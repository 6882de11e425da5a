using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>
/// Appends the JSON of events to a buffer. It copies and escapes text in one pass, and leaves names, commas and brackets to
/// the caller, who knows them beforehand. Only what JSON demands is escaped: quotes, backslashes and control characters.
/// </summary>
internal sealed class JsonAppender : IDisposable
{
    private const int Chunk = 4096; // text is taken in pieces, so that room for the worst case stays small
    private const int LongestEscape = 6; // \u001f

    private Utf8JsonWriter? _values; // few rows have a value that needs it
    private PooledBuffer _buffer = null!;

    /// <summary>Sets the buffer that the following calls write to.</summary>
    public void Begin(PooledBuffer target) => _buffer = target;

    /// <summary>The bytes in the buffer so far, also those before <see cref="Begin"/>.</summary>
    public int Length => _buffer.Length;

    /// <summary>The bytes from some length of the buffer on; valid until more is written.</summary>
    public ReadOnlySpan<byte> From(int length) => _buffer.Written.Span[length..];

    /// <summary>JSON as it is.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(_buffer.GetSpan(json.Length));
        _buffer.Advance(json.Length);
    }

    /// <summary>Text as a JSON string.</summary>
    /// <returns>False if it is not UTF-8; the bytes written then must be removed.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    public bool TryText(ReadOnlySpan<byte> text)
    {
        Byte('"');
        bool isAscii = true;
        ReadOnlySpan<byte> left = text;
        while (left.Length > Chunk)
        {
            isAscii &= Escaped(left[..Chunk]);
            left = left[Chunk..];
        }

        isAscii &= Escaped(left);
        Byte('"');
        return isAscii || Utf8Text.IsValid(text);
    }

    /// <summary>Text as a JSON string.</summary>
    /// <returns>False if it contains half of a surrogate pair, which is not a character; the bytes written then must be removed.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    public bool TryText(ReadOnlySpan<char> text)
    {
        Byte('"');
        while (text.Length > 0)
        {
            int taken = Escaped(text.Length > Chunk ? text[..Chunk] : text, isLast: text.Length <= Chunk);
            if (taken < 0)
            {
                return false;
            }

            text = text[taken..];
        }

        Byte('"');
        return true;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.GetSpan(20), out int written);
        _buffer.Advance(written);
    }

    /// <param name="value">A finite number.</param>
    public void Number(double value)
    {
        Utf8Formatter.TryFormat(value, _buffer.GetSpan(32), out int written);
        _buffer.Advance(written);
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>A value of the host's.</summary>
    /// <exception cref="UnwritableValueException">It has no place in JSON.</exception>
    public void Value(HostObjectJson freeForm, object? value)
    {
        Utf8JsonWriter values = Values();
        freeForm.Write(values, value);
        values.Flush();
    }

    /// <summary>A value as JSON was read.</summary>
    public void Value(JsonElement value)
    {
        Utf8JsonWriter values = Values();
        value.WriteTo(values);
        values.Flush();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Byte(char ascii)
    {
        _buffer.GetSpan(1)[0] = (byte)ascii;
        _buffer.Advance(1);
    }

    public void Dispose()
    {
        _values?.Reset(Stream.Null);
        _values?.Dispose();
    }

    private Utf8JsonWriter Values()
    {
        _values ??= new Utf8JsonWriter(Stream.Null, JsonDefaults.WriterOptions);
        _values.Reset(_buffer);
        return _values;
    }

    /// <summary>Copies whole blocks, and continues behind each byte that must be escaped.</summary>
    /// <returns>True if all bytes are ASCII.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    private bool Escaped(ReadOnlySpan<byte> text)
    {
        // Of a stored block less may count: hence the room for one more.
        Span<byte> room = _buffer.GetSpan((text.Length * LongestEscape) + Vector256<byte>.Count);
        ref byte source = ref MemoryMarshal.GetReference(text);
        ref byte target = ref MemoryMarshal.GetReference(room);
        Vector256<byte> seen = default;
        int at = 0;
        int written = 0;
        while (text.Length - at >= Vector256<byte>.Count)
        {
            Vector256<byte> block = Vector256.LoadUnsafe(ref source, (nuint)at);
            block.StoreUnsafe(ref target, (nuint)written);
            seen |= block;
            uint special = Special(block);
            if (special == 0)
            {
                at += Vector256<byte>.Count;
                written += Vector256<byte>.Count;
            }
            else
            {
                int plain = BitOperations.TrailingZeroCount(special);
                at += plain;
                written += plain;
                written += Escape(text[at++], room[written..]);
            }
        }

        if (TryCopyRest(ref Unsafe.Add(ref source, at), ref Unsafe.Add(ref target, written), text.Length - at, ref seen))
        {
            written += text.Length - at;
        }
        else
        {
            for (; at < text.Length; at++)
            {
                byte one = text[at];
                if (one is >= (byte)' ' and not (byte)'"' and not (byte)'\\')
                {
                    room[written++] = one;
                }
                else
                {
                    written += Escape(one, room[written..]);
                }
            }
        }

        _buffer.Advance(written);
        return seen.ExtractMostSignificantBits() == 0;
    }

    /// <summary>Copies less than a block as two pieces that may overlap, if nothing in it must be escaped.</summary>
    /// <param name="seen">Gets the bits of the bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopyRest(ref byte source, ref byte target, int length, ref Vector256<byte> seen)
    {
        if (length >= Vector128<byte>.Count)
        {
            Vector128<byte> first = Vector128.LoadUnsafe(ref source);
            Vector128<byte> last = Vector128.LoadUnsafe(ref source, (nuint)(length - Vector128<byte>.Count));
            Vector256<byte> both = Vector256.Create(first, last);
            seen |= both;
            first.StoreUnsafe(ref target);
            last.StoreUnsafe(ref target, (nuint)(length - Vector128<byte>.Count));
            return Special(both) == 0;
        }

        if (length >= sizeof(ulong))
        {
            ulong first = Unsafe.ReadUnaligned<ulong>(ref source);
            ulong last = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, length - sizeof(ulong)));
            Vector256<byte> both = Vector256.Create(first, last, last, last).AsByte();
            seen |= both;
            Unsafe.WriteUnaligned(ref target, first);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, length - sizeof(ulong)), last);
            return Special(both) == 0;
        }

        if (length >= sizeof(uint))
        {
            uint first = Unsafe.ReadUnaligned<uint>(ref source);
            uint last = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, length - sizeof(uint)));
            Vector256<byte> both = Vector256.Create(first | ((ulong)last << 32)).AsByte();
            seen |= both;
            Unsafe.WriteUnaligned(ref target, first);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, length - sizeof(uint)), last);
            return Special(both) == 0;
        }

        uint special = 0;
        for (int at = 0; at < length; at++)
        {
            byte one = Unsafe.Add(ref source, at);
            Unsafe.Add(ref target, at) = one;
            Vector256<byte> block = Vector256.Create(one);
            seen |= block;
            special |= Special(block);
        }

        return special == 0;
    }

    /// <summary>A bit for each byte that must be escaped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Special(Vector256<byte> block) => (Vector256.LessThan(block, Vector256.Create((byte)' '))
        | Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();

    /// <summary>Writes most of the text: a pair of surrogates that the piece cuts in two is left for the next piece.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private int Escaped(ReadOnlySpan<char> text, bool isLast)
    {
        Span<byte> room = _buffer.GetSpan((text.Length * LongestEscape) + Vector128<byte>.Count);
        int written = 0;
        int at = 0;
        while (at < text.Length)
        {
            int stop = Math.Min(at + Vector128<ushort>.Count, text.Length);
            if (stop - at == Vector128<ushort>.Count)
            {
                Vector128<ushort> block = Vector128.Create(MemoryMarshal.Cast<char, ushort>(text[at..stop]));
                Vector128<ushort> special = Vector128.LessThan(block, Vector128.Create((ushort)' ')) | Vector128.GreaterThan(block, Vector128.Create((ushort)0x7F))
                    | Vector128.Equals(block, Vector128.Create((ushort)'"')) | Vector128.Equals(block, Vector128.Create((ushort)'\\'));
                if (special == Vector128<ushort>.Zero)
                {
                    Vector128.Narrow(block, block).CopyTo(room[written..]);
                    at = stop;
                    written += Vector128<ushort>.Count;
                    continue;
                }
            }

            for (; at < stop; at++)
            {
                char one = text[at];
                if (one < 0x80)
                {
                    if (one is >= ' ' and not '"' and not '\\')
                    {
                        room[written++] = (byte)one;
                    }
                    else
                    {
                        written += Escape((byte)one, room[written..]);
                    }
                }
                else if (one < 0x800)
                {
                    room[written++] = (byte)(0xC0 | (one >> 6));
                    room[written++] = (byte)(0x80 | (one & 0x3F));
                }
                else if (!char.IsSurrogate(one))
                {
                    room[written++] = (byte)(0xE0 | (one >> 12));
                    room[written++] = (byte)(0x80 | ((one >> 6) & 0x3F));
                    room[written++] = (byte)(0x80 | (one & 0x3F));
                }
                else if (at + 1 == text.Length && !isLast)
                {
                    _buffer.Advance(written);
                    return at;
                }
                else if (at + 1 < text.Length && char.IsSurrogatePair(one, text[at + 1]))
                {
                    int point = char.ConvertToUtf32(one, text[++at]);
                    room[written++] = (byte)(0xF0 | (point >> 18));
                    room[written++] = (byte)(0x80 | ((point >> 12) & 0x3F));
                    room[written++] = (byte)(0x80 | ((point >> 6) & 0x3F));
                    room[written++] = (byte)(0x80 | (point & 0x3F));
                }
                else
                {
                    return -1;
                }
            }
        }

        _buffer.Advance(written);
        return at;
    }

    [MethodImpl(HotPath.FullyOptimized)]
    private static int Escape(byte one, Span<byte> room)
    {
        room[0] = (byte)'\\';
        byte letter = one switch
        {
            (byte)'"' or (byte)'\\' => one,
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            _ => 0,
        };
        if (letter != 0)
        {
            room[1] = letter;
            return 2;
        }

        "\\u00"u8.CopyTo(room);
        room[4] = (byte)('0' + (one >> 4));
        room[5] = "0123456789abcdef"u8[one & 0xF];
        return LongestEscape;
    }
}
