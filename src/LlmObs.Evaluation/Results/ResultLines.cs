namespace LlmObs.Evaluation.Results;

/// <summary>Reads the lines of a file one after the other; the file may be written to meanwhile.</summary>
internal sealed class ResultLines : IDisposable
{
    private const int LargestLine = 256 * 1024 * 1024;

    private readonly string path;
    private readonly FileStream stream;
    private byte[] buffer = new byte[64 * 1024];
    private int begin;
    private int end;
    private bool isAtEnd;

    /// <param name="path">The file.</param>
    /// <param name="position">Where the first line begins, in bytes.</param>
    public ResultLines(string path, long position = 0)
    {
        this.path = path;
        stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Position = Offset = position;
    }

    /// <summary>The number of the line that was read last, from 1 on.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the line that was read last has an end; the last line of a run that was killed may have none.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Where the line that was read last begins.</summary>
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

    public void Dispose() => stream.Dispose();

    private bool TryReadAny(out ReadOnlyMemory<byte> line)
    {
        int searched = begin;
        while (true)
        {
            int length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(searched + length, 1, isWhole: true, out line);
            }

            searched = end;
            if (isAtEnd)
            {
                return Take(end, 0, isWhole: false, out line) && line.Length > 0;
            }

            Fill(ref searched);
        }
    }

    private bool Take(int lineEnd, int endLength, bool isWhole, out ReadOnlyMemory<byte> line)
    {
        line = buffer.AsMemory(begin, lineEnd - begin);
        Position = Offset;
        Offset += line.Length + endLength;
        begin = lineEnd + endLength;
        IsWhole = isWhole;
        return true;
    }

    private void Fill(ref int searched)
    {
        if (begin > 0)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            searched -= begin;
            end -= begin;
            begin = 0;
        }

        if (end == buffer.Length)
        {
            if (buffer.Length >= LargestLine)
            {
                throw new ResultFileException(path, Number + 1, "is longer than 256 MiB, and no row is");
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        int read = stream.Read(buffer, end, buffer.Length - end);
        isAtEnd = read == 0;
        end += read;
    }
}
