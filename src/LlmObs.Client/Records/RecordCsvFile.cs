using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace LlmObs.Client.Records;

/// <summary>
/// A temporary CSV file of records, for an upload. Each cell is JSON, so that text stays text and a number a number. Only its
/// owner may read it, and it goes with the process however that ends: on Unix it has no name, on Windows the system deletes it.
/// </summary>
public sealed class RecordCsvFile : IDisposable
{
    private const string Header = "id,input,expected_output,metadata,tags\r\n";
    private const int BufferBytes = 64 * 1024;
    private const int RecordMarks = 5 * 3; // two quotes around each cell, and what ends it: a comma, for the last one two letters
    private const byte LineEnd = (byte)'\r'; // and the \n behind it

    private readonly FileStream _stream; // only its handle is used
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * BufferBytes); // added, and not yet in the file
    private long _written;

    /// <summary>Makes the file, in the folder for temporary files.</summary>
    /// <exception cref="IOException">There is no such folder, or no room in it.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no right to it.</exception>
    public RecordCsvFile()
        : this(OpenPrivate(Path.Combine(Path.GetTempPath(), $"llmobs-{Guid.NewGuid():N}.csv")))
    {
    }

    /// <param name="stream">The file, empty; it is closed with this one.</param>
    internal RecordCsvFile(FileStream stream)
    {
        _stream = stream;
        _buffer.Write(Encoding.UTF8.GetBytes(Header));
    }

    /// <summary>The records in it.</summary>
    public int Count { get; private set; }

    /// <summary>Its length in bytes.</summary>
    public long ByteCount => _written + _buffer.WrittenCount;

    /// <summary>Adds a record.</summary>
    /// <exception cref="IOException">The disk is full; <see cref="ReadBack"/> includes the record, and no further one can be added.</exception>
    public void Add(RecordText record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] id = record.Id is null ? [] : Encoding.UTF8.GetBytes(record.Id);
        byte[] tags = record.Tags.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(record.Tags);
        int bytes = id.Length + record.Input.Length + record.ExpectedOutput.Length + record.Metadata.Length + tags.Length;
        Span<byte> room = _buffer.GetSpan((2 * bytes) + RecordMarks + 1 + Vector256<byte>.Count);
        int length = Write(id, (byte)',', room);
        length += Write(record.Input.Span, (byte)',', room[length..]);
        length += Write(record.ExpectedOutput.Span, (byte)',', room[length..]);
        length += Write(record.Metadata.Span, (byte)',', room[length..]);
        length += Write(tags, LineEnd, room[length..]);
        room[length++] = (byte)'\n';
        _buffer.Advance(length);
        Count++;
        if (_buffer.WrittenCount >= BufferBytes)
        {
            Flush();
        }
    }

    /// <summary>The file from its beginning; may be asked for again.</summary>
    /// <returns>A stream of its own.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public Stream OpenRead()
    {
        Flush();
        return new FileReader(File, _written);
    }

    /// <summary>Its first bytes as text, for showing.</summary>
    /// <param name="most">The largest number of bytes.</param>
    /// <returns>The text, cut short.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public string Preview(int most)
    {
        using Stream reader = OpenRead();
        byte[] head = new byte[most];
        int read = reader.ReadAtLeast(head, most, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(head, 0, read) + (ByteCount > most ? "…" : string.Empty);
    }

    /// <summary>The records again, also those that the disk had no room for.</summary>
    /// <returns>The records, in order.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IEnumerable<RecordText> ReadBack()
    {
        using var reader = new CellReader(new BufferedStream(new FileReader(File, _written), BufferBytes), _buffer.WrittenMemory);
        for (int cell = 0; cell < 5; cell++)
        {
            reader.Next(); // the header
        }

        for (int record = 0; record < Count; record++)
        {
            byte[] id = reader.Next();
            byte[] input = reader.Next();
            byte[] expected = reader.Next();
            byte[] metadata = reader.Next();
            byte[] tags = reader.Next();
            yield return new RecordText(input)
            {
                Id = id.Length == 0 ? null : Encoding.UTF8.GetString(id),
                ExpectedOutput = expected,
                Metadata = metadata,
                Tags = tags.Length == 0 ? [] : JsonSerializer.Deserialize<string[]>(tags)!,
            };
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private SafeFileHandle File => _stream.SafeFileHandle;

    private static FileStream OpenPrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);
        System.IO.File.Delete(path); // from here on it lives by its handle alone
        return stream;
    }

    private void Flush()
    {
        RandomAccess.Write(File, _buffer.WrittenSpan, _written);
        _written += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    /// <summary>Writes a cell, in quotes if it needs them.</summary>
    /// <param name="end">What comes behind it.</param>
    /// <param name="room">At least twice the cell's length, and a block.</param>
    /// <returns>The number of bytes.</returns>
    [MethodImpl(HotPath.FullyOptimized)]
    private static int Write(ReadOnlySpan<byte> cell, byte end, Span<byte> room)
    {
        int length = 0;
        if (cell.Length > 0 && (cell[0] == '"' || cell.IndexOfAny(",\"\r\n"u8) >= 0))
        {
            room[length++] = (byte)'"';
            length += CopyDoubled(cell, room[length..]);
            room[length++] = (byte)'"';
        }
        else
        {
            cell.CopyTo(room);
            length = cell.Length;
        }

        room[length++] = end;
        return length;
    }

    /// <summary>Copies text, and writes each quote twice.</summary>
    [MethodImpl(HotPath.FullyOptimized)]
    private static int CopyDoubled(ReadOnlySpan<byte> text, Span<byte> room)
    {
        ref byte source = ref MemoryMarshal.GetReference(text);
        ref byte target = ref MemoryMarshal.GetReference(room[..((2 * text.Length) + Vector256<byte>.Count)]);
        int at = 0;
        int written = 0;
        while (text.Length - at >= Vector256<byte>.Count)
        {
            // Of a stored block less may count: hence the room for one more.
            var block = Vector256.LoadUnsafe(ref source, (nuint)at);
            block.StoreUnsafe(ref target, (nuint)written);
            uint quotes = Vector256.Equals(block, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
            int plain = quotes == 0 ? Vector256<byte>.Count : BitOperations.TrailingZeroCount(quotes) + 1;
            at += plain;
            written += plain;
            if (quotes != 0)
            {
                room[written++] = (byte)'"';
            }
        }

        for (; at < text.Length; at++)
        {
            room[written++] = text[at];
            if (text[at] == '"')
            {
                room[written++] = (byte)'"';
            }
        }

        return written;
    }

    /// <summary>Reads the cells that <see cref="Write"/> has written.</summary>
    private sealed class CellReader(Stream inFile, ReadOnlyMemory<byte> behind) : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _cell = new();
        private int _position;

        public byte[] Next()
        {
            _cell.ResetWrittenCount();
            int next = Read();
            bool quoted = next == '"';
            if (quoted)
            {
                next = Read();
            }

            for (; next >= 0; next = Read())
            {
                if (quoted && next == '"')
                {
                    next = Read();
                    quoted = next == '"'; // one of two stands for itself; alone it ends the cell
                }

                if (!quoted && (next is ',' or '\r'))
                {
                    break;
                }

                _cell.GetSpan(1)[0] = (byte)next;
                _cell.Advance(1);
            }

            if (next == '\r')
            {
                Read(); // \n
            }

            return _cell.WrittenSpan.ToArray();
        }

        public void Dispose() => inFile.Dispose();

        private int Read()
        {
            int next = inFile.ReadByte();
            return next >= 0 ? next : _position < behind.Length ? behind.Span[_position++] : -1;
        }
    }

    /// <summary>The file through the handle that it lives by.</summary>
    private sealed class FileReader(SafeFileHandle file, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            int read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, Math.Max(0, length - Position))], Position);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => length,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
