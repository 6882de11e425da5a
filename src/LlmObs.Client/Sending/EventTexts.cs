using System.Collections;
using System.Text;

namespace LlmObs.Client.Sending;

/// <summary>Events that are given back, a JSON text each. They stand in UTF-8 until they are asked for: there may be a million.</summary>
public sealed class EventTexts : IReadOnlyList<string>
{
    private readonly Part[] _parts;

    private EventTexts(Part[] parts)
    {
        _parts = parts;
        Count = parts.Sum(part => part.Ends.Length);
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>An event.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such event.</exception>
    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int part = 0;
            while (index >= _parts[part].Ends.Length)
            {
                index -= _parts[part++].Ends.Length;
            }

            return _parts[part].Text(index);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        foreach (Part part in _parts)
        {
            for (int index = 0; index < part.Ends.Length; index++)
            {
                yield return part.Text(index);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static EventTexts Of(BatchSlice events)
    {
        int length = 0;
        int[] ends = new int[events.Count];
        for (int position = 0; position < events.Count; position++)
        {
            ends[position] = length += events.Batch.Utf8(events[position]).Length;
        }

        byte[] utf8 = new byte[length];
        for (int position = 0; position < events.Count; position++)
        {
            ReadOnlySpan<byte> json = events.Batch.Utf8(events[position]);
            json.CopyTo(utf8.AsSpan(ends[position] - json.Length));
        }

        return new EventTexts([new Part(utf8, ends)]);
    }

    internal static EventTexts Join(IEnumerable<EventTexts> texts) => new([.. texts.SelectMany(one => one._parts)]);

    private sealed record Part(byte[] Utf8, int[] Ends)
    {
        public string Text(int index)
        {
            int start = index == 0 ? 0 : Ends[index - 1];
            return Encoding.UTF8.GetString(Utf8, start, Ends[index] - start);
        }
    }
}
