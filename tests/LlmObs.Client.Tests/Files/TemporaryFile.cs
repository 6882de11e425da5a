using System.IO.Compression;
using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>A file for the time of one test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string extension, byte[] content)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"llmobs-{Guid.NewGuid():N}{extension}");
        File.WriteAllBytes(Path, content);
    }

    public TemporaryFile(string extension, string content)
        : this(extension, Encoding.UTF8.GetBytes(content))
    {
    }

    public string Path { get; }

    public static byte[] Zipped(string content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return packed.ToArray();
    }

    public static WrittenRows Read(string extension, byte[] content, EventFileOptions? options = null)
    {
        using var file = new TemporaryFile(extension, content);
        var rows = new WrittenRows();
        EventFile.Read(file.Path, options ?? new EventFileOptions(), new RoundTripSink(rows, HostObjectJson.Default));
        return rows;
    }

    public static WrittenRows Read(string extension, string content, EventFileOptions? options = null) =>
        Read(extension, Encoding.UTF8.GetBytes(content), options);

    public void Dispose() => File.Delete(Path);
}
