using System.Security.Cryptography;
using System.Text;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// A file of the spool: a line with the checksum of what follows, then that. It is written under another name, flushed to
/// the disk and renamed, so that under its own name it is there whole or not at all; only its owner may read it.
/// </summary>
/// <param name="create">Makes the file that is written; another one in tests of full disks.</param>
internal sealed class SpoolFile(Func<string, Stream> create)
{
    public const string UnfinishedEnding = ".tmp";

    private const string Mark = "llmobs-spool 1 sha256 ";
    private const int HeadLength = 22 + 64 + 1; // mark, hash, line break

    /// <exception cref="SpoolException">It could not be written; nothing of it is left.</exception>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        string unfinished = path + UnfinishedEnding;
        try
        {
            using (Stream file = create(unfinished))
            {
                file.Write(Encoding.ASCII.GetBytes(Mark + Convert.ToHexStringLower(SHA256.HashData(content)) + "\n"));
                file.Write(content);
                file.Flush();
                (file as FileStream)?.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET throws the last of these where the file grows beyond what the system allows.
            TryDelete(unfinished);
            throw new SpoolException(path, e);
        }
    }

    /// <summary>What was written.</summary>
    /// <exception cref="InvalidDataException">The file is torn or was altered.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeadLength || bytes[HeadLength - 1] != (byte)'\n' || !bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Mark)))
        {
            throw new InvalidDataException("it is no whole spool file of this version");
        }

        ReadOnlyMemory<byte> content = bytes.AsMemory(HeadLength);
        string said = Encoding.ASCII.GetString(bytes, Mark.Length, HeadLength - 1 - Mark.Length);
        return said == Convert.ToHexStringLower(SHA256.HashData(content.Span))
            ? content
            : throw new InvalidDataException("its content does not match its checksum: it is torn or was altered");
    }

    /// <summary>A new file that only its owner may read and write.</summary>
    public static Stream CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays beside the others as what it is: unfinished.
        }
    }
}
