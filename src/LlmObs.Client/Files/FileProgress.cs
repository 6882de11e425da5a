namespace LlmObs.Client.Files;

/// <summary>How far the reading of a file has come.</summary>
public sealed class FileProgress
{
    private long _length;
    private long _taken;

    /// <summary>The part of the file that was read, from 0 to 1; null where its length says nothing, as that of a pipe.</summary>
    public double? Fraction => _length > 0 ? Math.Min(1d, (double)Volatile.Read(ref _taken) / _length) : null;

    internal void Begin(long bytes) => _length = bytes;

    internal void Take(int bytes) => Volatile.Write(ref _taken, _taken + bytes);
}
