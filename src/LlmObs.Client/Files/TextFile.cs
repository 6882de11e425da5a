using System.Text;

namespace LlmObs.Client.Files;

/// <summary>Opens text files as UTF-8, whatever they are in.</summary>
internal static class TextFile
{
    /// <summary>The text of a file: gunzipped where its name ends in .gz, transcoded where a byte order mark says UTF-16, without that mark.</summary>
    public static Stream Utf8Of(Stream file, string path) => SkipMark(IsCompressed(path) ? new WholeGzipStream(file) : file);

    /// <summary>The ending that tells the format: that before .gz, if there is one.</summary>
    public static string FormatExtension(string path) =>
        Path.GetExtension(IsCompressed(path) ? Path.GetFileNameWithoutExtension(path) : path).ToLowerInvariant();

    private static Stream SkipMark(Stream stream)
    {
        byte[] head = new byte[3];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head.AsSpan(0, read) switch
        {
            [0xEF, 0xBB, 0xBF] => stream,
            [0xFF, 0xFE, ..] => Transcoded(stream, head.AsMemory(2, read - 2), bigEndian: false),
            [0xFE, 0xFF, ..] => Transcoded(stream, head.AsMemory(2, read - 2), bigEndian: true),
            _ => PutBack(stream, head.AsMemory(0, read)),
        };
    }

    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    // What is no UTF-16 is an error; a replacement for it would be other text than the file has.
    private static Stream Transcoded(Stream stream, ReadOnlyMemory<byte> readAhead, bool bigEndian) => Encoding.CreateTranscodingStream(
        new PrefixedStream(readAhead, stream), new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true), new UTF8Encoding(false));

    private static PrefixedStream PutBack(Stream stream, ReadOnlyMemory<byte> readAhead) => new(readAhead, stream);
}
