using System.Buffers;
using System.Runtime.CompilerServices;

namespace LlmObs.Client.Files;

/// <summary>Reads JSON Lines: one JSON text a line. A broken line is one error, and the next line is read.</summary>
internal static class JsonLines
{
    private const int FirstBufferSize = 64 * 1024;

    [MethodImpl(HotPath.Compiled)]
    public static void Read(Stream stream, string name, JsonEventReader reader)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferSize);
        try
        {
            long line = 0;
            long row = 0;
            int filled = 0;
            for (bool ended = false; !ended || filled > 0;)
            {
                // Whole buffers: to look for the line's end again after each small piece would take quadratic time.
                int read = ended ? 0 : stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
                ended |= filled + read < buffer.Length;
                filled += read;
                int start = 0;
                for (int end; (end = EndOfLine(buffer.AsSpan(start..filled), ended)) >= 0; start += end + 1)
                {
                    line++;
                    int length = Math.Min(end, filled - start);
                    ReadOnlyMemory<byte> text = buffer.AsMemory(start, length);
                    if (text.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
                    {
                        row++;
                        reader.ReadText(text, new RowPlace(name, row, row == line ? 0 : line));
                    }

                    if (start + length >= filled)
                    {
                        start = filled;
                        break;
                    }
                }

                filled -= start;
                if (filled > HostObjectJson.LargestValue)
                {
                    throw new EventRowException(string.Empty, FormattableString.Invariant(
                        $"line {line + 1} is longer than {HostObjectJson.LargestValue / 1024 / 1024} MiB, and it is not read further; JSON Lines has one event a line"));
                }

                buffer = MakeRoom(buffer, start, filled);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Where the first line ends; at the end of the file also without a line break; -1 where more must be read.</summary>
    private static int EndOfLine(ReadOnlySpan<byte> text, bool ended)
    {
        int end = text.IndexOf((byte)'\n');
        return end < 0 && ended && text.Length > 0 ? text.Length : end;
    }

    private static byte[] MakeRoom(byte[] buffer, int start, int filled)
    {
        if (filled <= buffer.Length / 2)
        {
            buffer.AsSpan(start, filled).CopyTo(buffer);
            return buffer;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(start, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
