using System.IO.Compression;
using System.Text;

namespace LlmObs.Client;

/// <summary>Opens text files as UTF-8, whatever they are in.</summary>
internal static class TextFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Opens a file: gunzipped where its name ends in .gz, transcoded where a byte order mark says UTF-16, without that mark.</summary>
    public static Stream OpenUtf8(string path, FileProgress? progress)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.SequentialScan);
        progress?.Begin(file);
        Stream stream = file;
        if (IsCompressed(path))
        {
            stream = new GZipStream(stream, CompressionMode.Decompress);
        }

        var buffered = new BufferedStream(stream, BufferSize);
        byte[] head = new byte[3];
        int read = buffered.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        Stream whole = new PrefixedStream(head.AsMemory(0, read), buffered);
        return head.AsSpan(0, read) switch
        {
            [0xEF, 0xBB, 0xBF] => buffered,
            [0xFF, 0xFE, ..] => Transcoded(whole, Encoding.Unicode),
            [0xFE, 0xFF, ..] => Transcoded(whole, Encoding.BigEndianUnicode),
            _ => whole,
        };
    }

    /// <summary>The ending that tells the format: that before .gz, if there is one.</summary>
    public static string FormatExtension(string path) =>
        Path.GetExtension(IsCompressed(path) ? Path.GetFileNameWithoutExtension(path) : path).ToLowerInvariant();

    private static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static Stream Transcoded(Stream stream, Encoding encoding)
    {
        stream.ReadExactly(stackalloc byte[2]); // the mark itself
        return Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false));
    }
}
