namespace LlmObs.Client.Files;

/// <summary>How far the reading of a file has come.</summary>
public sealed class FileProgress
{
    private long length;
    private long taken;

    /// <summary>The part of the file that was read, from 0 to 1; null where its length says nothing, as that of a pipe.</summary>
    public double? Fraction => length > 0 ? Math.Min(1d, (double)Volatile.Read(ref taken) / length) : null;

    internal void Begin(long bytes) => length = bytes;

    internal void Take(int bytes) => Volatile.Write(ref taken, taken + bytes);
}
