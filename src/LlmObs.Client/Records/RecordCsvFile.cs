using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Records;

/// <summary>
/// A temporary CSV file of records, for an upload. Each cell is JSON, so that text stays text and a number a number; it is
/// gone when it is no longer needed.
/// </summary>
public sealed class RecordCsvFile : IDisposable
{
    private const string Header = "id,input,expected_output,metadata,tags\r\n";

    private readonly FileStream file = new(
        Path.Combine(Path.GetTempPath(), $"llmobs-{Guid.NewGuid():N}.csv"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.DeleteOnClose);

    /// <summary>Makes the file.</summary>
    /// <exception cref="IOException">There is no room for it, or no right to it.</exception>
    public RecordCsvFile() => file.Write(Encoding.UTF8.GetBytes(Header));

    /// <summary>The records in it.</summary>
    public int Count { get; private set; }

    /// <summary>Its length in bytes.</summary>
    public long ByteCount => file.Length;

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Add(RecordText record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Write(record.Id is null ? default : Encoding.UTF8.GetBytes(record.Id), ",");
        Write(record.Input.Span, ",");
        Write(record.ExpectedOutput.Span, ",");
        Write(record.Metadata.Span, ",");
        Write(record.Tags.Count == 0 ? default : JsonSerializer.SerializeToUtf8Bytes(record.Tags), "\r\n");
        Count++;
    }

    /// <summary>The file from its beginning; may be asked for again.</summary>
    /// <returns>A stream of its own.</returns>
    public Stream OpenRead()
    {
        file.Flush();
        return new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Its first bytes as text, for showing.</summary>
    /// <param name="most">How many bytes at most.</param>
    /// <returns>The text, cut short.</returns>
    public string Preview(int most)
    {
        using Stream reader = OpenRead();
        byte[] head = new byte[most];
        int read = reader.ReadAtLeast(head, most, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(head, 0, read) + (ByteCount > most ? "…" : string.Empty);
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => file.Dispose();

    private void Write(ReadOnlySpan<byte> cell, string end)
    {
        bool quoted = cell.IndexOfAny(",\"\r\n"u8) >= 0;
        if (quoted)
        {
            file.WriteByte((byte)'"');
            for (int quote; (quote = cell.IndexOf((byte)'"')) >= 0; cell = cell[(quote + 1)..])
            {
                file.Write(cell[..(quote + 1)]);
                file.WriteByte((byte)'"');
            }
        }

        file.Write(cell);
        file.Write(Encoding.ASCII.GetBytes(quoted ? "\"" + end : end));
    }
}
