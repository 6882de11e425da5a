using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LlmObs.Client.Sending.Spool;

/// <summary>
/// A file of the spool: a line with the checksum of what follows, then that. It is written under another name, flushed to
/// the disk and renamed, so that under its own name it is there whole or not at all; only its owner may read it.
/// </summary>
/// <param name="create">Makes the file that is written; another one in tests of full disks.</param>
internal sealed partial class SpoolFile(Func<string, Stream> create)
{
    private const string Mark = "llmobs-spool 1 sha256 ";
    private const int HeadLength = 22 + 64 + 1; // mark, hash, line break

    /// <exception cref="SpoolException">It could not be written; nothing of it is left.</exception>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        string unfinished = path + SpoolName.UnfinishedEnding;
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
        catch (Exception e) when (e is IOException and not SpoolException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET throws the last of these if the file grows beyond the system's limit.
            TryDelete(unfinished);
            throw new SpoolException(path, e);
        }
    }

    /// <summary>The written content.</summary>
    /// <exception cref="InvalidDataException">The file is torn or was altered.</exception>
    /// <exception cref="SpoolException">It can't be read, or is of another version.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        byte[] bytes = ReadAll(path);
        if (OtherMark().IsMatch(Encoding.ASCII.GetString(bytes.AsSpan(0, Math.Min(Mark.Length, bytes.Length)))))
        {
            throw AnotherVersion(path);
        }

        if (bytes.Length < HeadLength || bytes[HeadLength - 1] != (byte)'\n' || !bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Mark)))
        {
            throw new InvalidDataException("it is not a complete spool file of this version");
        }

        ReadOnlyMemory<byte> content = bytes.AsMemory(HeadLength);
        string said = Encoding.ASCII.GetString(bytes, Mark.Length, HeadLength - 1 - Mark.Length);
        return said == Convert.ToHexStringLower(SHA256.HashData(content.Span))
            ? content
            : throw new InvalidDataException("its content does not match its checksum: it is truncated or was altered");
    }

    /// <summary>A new file that only its owner may read and write. What has its name goes; what that may link to is not touched.</summary>
    public static Stream CreatePrivate(string path)
    {
        File.Delete(path);
        return Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>The lock of a run: an empty file that one process at a time has open.</summary>
    /// <exception cref="SpoolException">There is something other than a file under its name.</exception>
    /// <exception cref="IOException">Another process has it, or it can't be opened.</exception>
    public static FileStream Hold(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>A complete file in a format that this version does not know.</summary>
    public static SpoolException AnotherVersion(string path, Exception? reason = null) =>
        new(path, new NotSupportedException("it was written by another version of the module", reason));

    // Nothing is followed or emptied that somebody may have put there. Between the look and the opening only the folder's owner
    // could change it: a folder that others can write to is refused. Opened for writing, a pipe does not wait for its other end.
    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new SpoolException(path, new IOException("it is a link, but a spool has none"));
        }

        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        throw new SpoolException(path, new IOException("it is a pipe or a device, not a file"));
    }

    [GeneratedRegex(@"\Allmobs-spool (?!1 )[0-9]+ [a-z]")]
    private static partial Regex OtherMark();

    private static byte[] ReadAll(string path)
    {
        try
        {
            using FileStream file = Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > Array.MaxLength)
            {
                throw new InvalidDataException("it is larger than any file of a spool");
            }

            byte[] bytes = new byte[file.Length];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException and not SpoolException or UnauthorizedAccessException)
        {
            throw new SpoolException(path, e);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays beside the others, unfinished.
        }
    }
}
