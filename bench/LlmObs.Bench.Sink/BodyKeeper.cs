namespace LlmObs.Bench.Sink;

/// <summary>Keeps bodies as files, for the one run in which it is compared what the ways send.</summary>
internal sealed class BodyKeeper(string folder)
{
    private int _count;

    public Stream Open() => File.Create(Path.Combine(folder, $"{Interlocked.Increment(ref _count):00000}.json"));
}
