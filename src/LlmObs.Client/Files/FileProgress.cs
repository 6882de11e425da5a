namespace LlmObs.Client.Files;

/// <summary>How far the reading of a file has come.</summary>
public sealed class FileProgress
{
    private FileStream? file;
    private long length;

    /// <summary>The part of the file that was read, from 0 to 1; null where its length says nothing, as that of a pipe.</summary>
    public double? Fraction => length > 0 && file is { CanSeek: true } open ? Math.Min(1d, (double)open.Position / length) : null;

    internal void Begin(FileStream opened)
    {
        file = opened;
        length = opened.CanSeek ? opened.Length : 0;
    }
}
