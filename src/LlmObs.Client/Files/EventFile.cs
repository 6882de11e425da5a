using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Files;

/// <summary>Reads a file of events, by its ending: .csv, .tsv, .json, .jsonl or .ndjson, each also with .gz.</summary>
public static class EventFile
{
    // The one list of endings: a format more is a line here and a case in Read.
    private static readonly (string Extension, FileFormat Format)[] Formats =
    [
        (".csv", FileFormat.Csv),
        (".tsv", FileFormat.Tsv),
        (".json", FileFormat.Json),
        (".jsonl", FileFormat.JsonLines),
        (".ndjson", FileFormat.JsonLines),
    ];

    /// <summary>The endings that can be read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Formats.Select(one => one.Extension)];

    /// <summary>The format of a file, by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The format, also for endings before .gz; null if it can't be read.</returns>
    public static FileFormat? FormatOf(string path)
    {
        string extension = TextFile.FormatExtension(path);
        return Formats.FirstOrDefault(one => one.Extension == extension) is { Extension: not null } known ? known.Format : null;
    }

    /// <summary>True if a file is packed by gzip.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True if it ends in .gz.</returns>
    public static bool IsPacked(string path) => TextFile.IsCompressed(path);

    /// <summary>True if a file's ending is one that can be read.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for the endings of <see cref="Extensions"/>, also before .gz.</returns>
    public static bool CanRead(string path) => FormatOf(path) is not null;

    /// <summary>The columns of a table, by the beginning of its text.</summary>
    /// <param name="beginning">The text, whole or not.</param>
    /// <param name="delimiter">The separator between the cells of CSV.</param>
    /// <returns>The names of the header's cells or of the first object's members; none if the format has no such line.</returns>
    /// <exception cref="JsonException">The first line is no JSON.</exception>
    public static IReadOnlyList<string> ColumnsOf(string beginning, FileFormat? format, char delimiter)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        return format switch
        {
            FileFormat.Csv => CsvEventReader.HeaderOf(beginning, delimiter),
            FileFormat.Tsv => CsvEventReader.HeaderOf(beginning, '\t'),
            FileFormat.JsonLines => MembersOf(beginning),
            _ => [],
        };
    }

    /// <summary>Reads a file to its end, row by row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="progress">Receives the progress of the reading.</param>
    /// <param name="cancellation">Ends the reading, also if the file keeps it waiting, as a pipe can.</param>
    /// <returns>True if the file did not change while it was read; otherwise its rows may be a mixture.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="NotSupportedException">The ending is none that can be read.</exception>
    /// <exception cref="EventRowException">The file as a whole does not have the format of its ending.</exception>
    /// <exception cref="OperationCanceledException">The reading was ended.</exception>
    public static bool Read(
        string path, EventFileOptions options, IEventRowSink sink, FileProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        if (FormatOf(path) is not FileFormat format)
        {
            throw new NotSupportedException($"'{TextFile.FormatExtension(path)}' is not an ending of a file of events; known are {string.Join(", ", Extensions)}, each also with .gz");
        }

        try
        {
            using var file = new WatchedFile(path, progress, cancellation);
            Read(file, path, format, options, sink);
            return !file.WasChanged;
        }
        catch (InvalidDataException e)
        {
            throw new EventRowException(string.Empty, $"the file can't be unpacked further: {e.Message.TrimEnd('.')}");
        }
    }

    private static void Read(WatchedFile file, string path, FileFormat format, EventFileOptions options, IEventRowSink sink)
    {
        string name = Path.GetFileName(path);
        using Stream stream = TextFile.Utf8Of(file, path, options.Encoding, out string encoding);
        try
        {
            switch (format)
            {
                case FileFormat.Csv:
                    new CsvEventReader(sink, name, options).Read(stream);
                    break;
                case FileFormat.Tsv:
                    new CsvEventReader(sink, name, options with { Delimiter = '\t' }).Read(stream);
                    break;
                case FileFormat.Json:
                    new JsonEventReader(sink, name, options.IsTable, options.RowPath).ReadFile(stream);
                    break;
                case FileFormat.JsonLines:
                    JsonLines.Read(stream, name, new JsonEventReader(sink, name, options.IsTable, options.RowPath));
                    break;
            }
        }
        catch (DecoderFallbackException)
        {
            throw new EventRowException(string.Empty, $"the file can't be read further: {encoding}, but its content is not");
        }
    }

    private static string[] MembersOf(string beginning)
    {
        int end = beginning.AsSpan().IndexOfAny('\r', '\n');
        using var row = JsonDocument.Parse(end < 0 ? beginning : beginning[..end]);
        return row.RootElement.ValueKind == JsonValueKind.Object ? [.. row.RootElement.EnumerateObject().Select(member => member.Name)] : [];
    }
}

/// <summary>The format of a file of events.</summary>
public enum FileFormat
{
    /// <summary>Cells with a character between them that can be chosen.</summary>
    Csv,

    /// <summary>Cells with tabs between them.</summary>
    Tsv,

    /// <summary>One JSON text.</summary>
    Json,

    /// <summary>A JSON text in each line.</summary>
    JsonLines,
}

/// <summary>Options for reading files of events.</summary>
public sealed record EventFileOptions
{
    /// <summary>The separator between the cells of a CSV file.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>The encoding of a file without a byte order mark.</summary>
    public Encoding Encoding { get; init; } = Encoding.UTF8;

    /// <summary>True if the file is an evaluation table, for a <see cref="TableSink"/>: its columns mean no fields by their names.</summary>
    public bool IsTable { get; init; }

    /// <summary>The <see cref="MemberPath"/> to the rows of a JSON document; empty if they are at its root.</summary>
    public string RowPath { get; init; } = string.Empty;

    /// <summary>The columns of a CSV file whose text is JSON; case does not matter.</summary>
    public IReadOnlySet<string> JsonColumns { get; init => field = value.Select(ColumnName.Of).ToHashSet(StringComparer.OrdinalIgnoreCase); } = new HashSet<string>();
}

/// <summary>Opens text files as UTF-8, whatever their encoding is.</summary>
internal static class TextFile
{
    private const int LongestMark = 4; // bytes
    private const int Utf8CodePage = 65001;

    /// <summary>The text of a file without its byte order mark: unpacked if its name ends in .gz, transcoded unless it is UTF-8.</summary>
    /// <param name="given">The encoding of a file without a mark.</param>
    /// <param name="encoding">What shows the encoding, in words: "by its byte order mark it is UTF-16".</param>
    public static Stream Utf8Of(Stream file, string path, Encoding given, out string encoding)
    {
        Stream stream = IsCompressed(path) ? new WholeGzipStream(file) : file;
        byte[] head = new byte[LongestMark];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        (int mark, Encoding? marked) = MarkOf(head.AsSpan(0, read));
        encoding = marked is null ? $"by -Encoding it is {given.WebName}" : $"by its byte order mark it is {marked.WebName}";
        var text = new PrefixedStream(head.AsMemory(mark, read - mark), stream);
        return (marked ?? given) is { CodePage: not Utf8CodePage } other ? Transcoded(text, other) : text;
    }

    /// <summary>The ending that shows the format: the one before .gz, if there is one.</summary>
    public static string FormatExtension(string path) =>
        Path.GetExtension(IsCompressed(path) ? Path.GetFileNameWithoutExtension(path) : path).ToLowerInvariant();

    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static (int Length, Encoding? Encoding) MarkOf(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (3, Encoding.UTF8),
        [0xFF, 0xFE, 0, 0] => (4, Encoding.UTF32),
        [0xFF, 0xFE, ..] => (2, Encoding.Unicode),
        [0xFE, 0xFF, ..] => (2, Encoding.BigEndianUnicode),
        _ => (0, null),
    };

    // What is not of the encoding is an error; a replacement for it would be other text than the file has.
    private static Stream Transcoded(Stream stream, Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return Encoding.CreateTranscodingStream(stream, strict, new UTF8Encoding(false));
    }
}

/// <summary>Reads JSON Lines: one JSON text a line. A broken line is one error, and the next line is read.</summary>
internal static class JsonLines
{
    private const int FirstBufferSize = 64 * 1024;

    [MethodImpl(HotPath.FullyOptimized)]
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
                        $"line {line + 1} is longer than {HostObjectJson.LargestValue / 1024 / 1024} MiB, and it is not read further; JSON Lines has one event per line"));
                }

                buffer = MakeRoom(buffer, start, filled);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The end of the first line, or of the file if it has no line break; -1 if more must be read.</summary>
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
