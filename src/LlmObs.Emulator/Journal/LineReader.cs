namespace LlmObs.Emulator.Journal;

/// <summary>Reads a file line by line, as bytes and with the lines' places.</summary>
/// <param name="file">The file, at its start.</param>
internal sealed class LineReader(FileStream file)
{
    private const int FirstBufferBytes = 1024 * 1024;

    /// <summary>Longer than any request; what has no line break for so long is no journal.</summary>
    private const int MaxLineBytes = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;

    /// <summary>The current line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The current line's offset in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>The offset of what follows the current line.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Whether the current line ends with a line break.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Moves to the next line.</summary>
    /// <param name="line">Its bytes without the line break, valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = _start;
        while (true)
        {
            int length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Take(searched + length - _start, breakBytes: 1);
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                line = Take(_end - _start, breakBytes: 0);
                return line.Length > 0;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int length, int breakBytes)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        Number++;
        Offset = NextOffset;
        NextOffset += length + breakBytes;
        IsComplete = breakBytes > 0;
        _start += length + breakBytes;
        return line;
    }

    /// <summary>Moves what is left to the front of the buffer and reads on; false at the end of the file.</summary>
    private bool Fill()
    {
        int left = _end - _start;
        byte[] target = _buffer;
        if (left == _buffer.Length)
        {
            if (left >= MaxLineBytes)
            {
                throw new EmulatorException(FormattableString.Invariant(
                    $"'{file.Name}' is not a journal of this emulator: line {Number + 1} does not end."));
            }

            target = new byte[_buffer.Length * 2];
        }

        _buffer.AsSpan(_start, left).CopyTo(target);
        _buffer = target;
        _start = 0;
        int read = file.Read(_buffer.AsSpan(left));
        _end = left + read;
        return read > 0;
    }
}
