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

    /// <summary>What is in a file, by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The format, also for endings before .gz; null if it can't be read.</returns>
    public static FileFormat? FormatOf(string path)
    {
        string extension = TextFile.FormatExtension(path);
        return Formats.FirstOrDefault(one => one.Extension == extension) is { Extension: not null } known ? known.Format : null;
    }

    /// <summary>Whether a file is packed by gzip.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True if it ends in .gz.</returns>
    public static bool IsPacked(string path) => TextFile.IsCompressed(path);

    /// <summary>Whether a file's ending is one that can be read.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for the endings of <see cref="Extensions"/>, also before .gz.</returns>
    public static bool CanRead(string path) => FormatOf(path) is not null;

    /// <summary>The columns of a table, by the beginning of its text.</summary>
    /// <param name="beginning">The text, whole or not.</param>
    /// <param name="format">What it is.</param>
    /// <param name="delimiter">What separates the cells of CSV.</param>
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
    /// <param name="options">How CSV is read.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="progress">Is told how far the reading has come.</param>
    /// <param name="cancellation">Ends the reading, also where the file keeps it waiting, as a pipe can.</param>
    /// <returns>Whether the file stayed as it was while it was read; else what was read may be a mixture.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="NotSupportedException">The ending is none that can be read.</exception>
    /// <exception cref="EventRowException">The file as a whole can't be read as what its ending says.</exception>
    /// <exception cref="OperationCanceledException">The reading was ended.</exception>
    public static bool Read(
        string path, EventFileOptions options, IEventRowSink sink, FileProgress? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        if (FormatOf(path) is not FileFormat format)
        {
            throw new NotSupportedException($"'{TextFile.FormatExtension(path)}' is no ending of a file of events; known are {string.Join(", ", Extensions)}, each also with .gz");
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
        catch (DecoderFallbackException)
        {
            throw new EventRowException(string.Empty, "the file can't be read further: by its byte order mark it is UTF-16, and what follows is not");
        }
    }

    private static void Read(WatchedFile file, string path, FileFormat format, EventFileOptions options, IEventRowSink sink)
    {
        string name = Path.GetFileName(path);
        using Stream stream = TextFile.Utf8Of(file, path);
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

    private static string[] MembersOf(string beginning)
    {
        int end = beginning.AsSpan().IndexOfAny('\r', '\n');
        using var row = JsonDocument.Parse(end < 0 ? beginning : beginning[..end]);
        return row.RootElement.ValueKind == JsonValueKind.Object ? [.. row.RootElement.EnumerateObject().Select(member => member.Name)] : [];
    }
}

/// <summary>What is in a file of events.</summary>
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
