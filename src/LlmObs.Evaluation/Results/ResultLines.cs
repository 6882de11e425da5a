namespace LlmObs.Evaluation.Results;

/// <summary>Reads the lines of a file one after the other; the file may be written to meanwhile.</summary>
internal sealed class ResultLines : IDisposable
{
    private const int LargestLine = 256 * 1024 * 1024;

    private readonly string _path;
    private readonly FileStream _stream;
    private byte[] _buffer;
    private int _begin;
    private int _end;
    private bool _isAtEnd;

    /// <param name="path">The file.</param>
    /// <param name="position">The start of the first line, in bytes.</param>
    /// <param name="size">The number of bytes to read at once; for a single line, a line's worth.</param>
    public ResultLines(string path, long position = 0, int size = 64 * 1024)
    {
        _buffer = new byte[size];
        _path = path;
        _stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _stream.Position = Offset = position;
    }

    /// <summary>The number of the line that was read last, from 1 on.</summary>
    public long Number { get; private set; }

    /// <summary>True if the last line that was read has an end; the last line of a killed run may have none.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The start of the last line that was read.</summary>
    public long Position { get; private set; }

    private long Offset { get; set; }

    /// <summary>Reads the next line that is not blank; the bytes are valid until the next call.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        while (TryReadAny(out line))
        {
            Number++;
            if (Number == 1 && line.Span.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }

            if (line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _stream.Dispose();

    private bool TryReadAny(out ReadOnlyMemory<byte> line)
    {
        int searched = _begin;
        while (true)
        {
            int length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(searched + length, 1, isWhole: true, out line);
            }

            searched = _end;
            if (_isAtEnd)
            {
                return Take(_end, 0, isWhole: false, out line) && line.Length > 0;
            }

            Fill(ref searched);
        }
    }

    private bool Take(int lineEnd, int endLength, bool isWhole, out ReadOnlyMemory<byte> line)
    {
        line = _buffer.AsMemory(_begin, lineEnd - _begin);
        Position = Offset;
        Offset += line.Length + endLength;
        _begin = lineEnd + endLength;
        IsWhole = isWhole;
        return true;
    }

    private void Fill(ref int searched)
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            searched -= _begin;
            _end -= _begin;
            _begin = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LargestLine)
            {
                throw new ResultFileException(_path, Number + 1, "is longer than 256 MiB, which no row is");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _isAtEnd = read == 0;
        _end += read;
    }
}
