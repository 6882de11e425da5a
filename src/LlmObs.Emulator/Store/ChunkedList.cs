namespace LlmObs.Emulator.Store;

/// <summary>A list that grows without moving what it holds.</summary>
/// <typeparam name="T">The rows.</typeparam>
internal sealed class ChunkedList<T>
    where T : struct
{
    private const int ChunkShift = 12;
    private const int ChunkSize = 1 << ChunkShift;
    private const int ChunkMask = ChunkSize - 1;

    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref _chunks[index >> ChunkShift][index & ChunkMask];

    public int Add(in T row)
    {
        if (Count == _chunks.Count << ChunkShift)
        {
            _chunks.Add(new T[ChunkSize]);
        }

        int index = Count++;
        this[index] = row;
        return index;
    }
}
