namespace LlmObs.Bench.Sink;

/// <summary>Keeps bodies as files, for the one run that compares the bodies of all ways.</summary>
internal sealed class BodyKeeper(string folder)
{
    private int _count;

    public Stream Open() => File.Create(Path.Combine(folder, $"{Interlocked.Increment(ref _count):00000}.json"));
}
