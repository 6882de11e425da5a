using System.Text;

namespace LlmObs.Client.Files;

/// <summary>Reads a file of events, by its ending: .csv, .tsv, .json, .jsonl or .ndjson, each also with .gz.</summary>
public static class EventFile
{
    /// <summary>The endings that can be read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".csv", ".tsv", ".json", ".jsonl", ".ndjson"];

    /// <summary>Whether a file's ending is one that can be read.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for the endings of <see cref="Extensions"/>, also before .gz.</returns>
    public static bool CanRead(string path) => Extensions.Contains(TextFile.FormatExtension(path));

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
        string extension = TextFile.FormatExtension(path);
        if (!Extensions.Contains(extension))
        {
            throw new NotSupportedException($"'{extension}' is no ending of a file of events; known are {string.Join(", ", Extensions)}, each also with .gz");
        }

        try
        {
            using var file = new WatchedFile(path, progress, cancellation);
            Read(file, path, extension, options, sink);
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

    private static void Read(WatchedFile file, string path, string extension, EventFileOptions options, IEventRowSink sink)
    {
        string name = Path.GetFileName(path);
        using Stream stream = TextFile.Utf8Of(file, path);
        switch (extension)
        {
            case ".csv":
                new CsvEventReader(sink, name, options).Read(stream);
                break;
            case ".tsv":
                new CsvEventReader(sink, name, options with { Delimiter = '\t' }).Read(stream);
                break;
            case ".json":
                new JsonEventReader(sink, name, options.IsTable, options.RowPath).ReadFile(stream);
                break;
            default:
                JsonLines.Read(stream, name, new JsonEventReader(sink, name, options.IsTable, options.RowPath));
                break;
        }
    }
}
