using System.Buffers;
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

    private readonly FileStream _stream; // only its handle is used
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * BufferBytes); // written, and not yet in the file
    private long _written;

    /// <summary>Makes the file, in the folder for temporary files.</summary>
    /// <exception cref="IOException">There is no such folder, or no room in it.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no right to it.</exception>
    public RecordCsvFile()
    {
        _stream = OpenPrivate(Path.Combine(Path.GetTempPath(), $"llmobs-{Guid.NewGuid():N}.csv"));
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
        Write(record.Id is null ? default : Encoding.UTF8.GetBytes(record.Id), ","u8);
        Write(record.Input.Span, ","u8);
        Write(record.ExpectedOutput.Span, ","u8);
        Write(record.Metadata.Span, ","u8);
        Write(record.Tags.Count == 0 ? default : JsonSerializer.SerializeToUtf8Bytes(record.Tags), "\r\n"u8);
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

    private void Write(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> end)
    {
        Span<byte> room = _buffer.GetSpan((2 * cell.Length) + 2 + end.Length);
        int length = 0;
        bool quoted = cell.IndexOfAny(",\"\r\n"u8) >= 0;
        if (quoted)
        {
            room[length++] = (byte)'"';
            for (int quote; (quote = cell.IndexOf((byte)'"')) >= 0; cell = cell[(quote + 1)..])
            {
                cell[..(quote + 1)].CopyTo(room[length..]);
                length += quote + 1;
                room[length++] = (byte)'"';
            }
        }

        cell.CopyTo(room[length..]);
        length += cell.Length;
        if (quoted)
        {
            room[length++] = (byte)'"';
        }

        end.CopyTo(room[length..]);
        _buffer.Advance(length + end.Length);
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
