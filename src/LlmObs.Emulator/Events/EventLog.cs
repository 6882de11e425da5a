using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmObs.Emulator.Events;

/// <summary>
/// All events in the order of their arrival, and which of them count. The service only appends, so the same metric may be
/// there more than once; readers keep, for each experiment, span and label, the one with the latest <c>timestamp_ms</c>,
/// of equal ones the last to arrive. That is decided at insertion, so that a query has only to look at a flag. Of the
/// spans with the same id in an experiment the last to arrive counts. Not thread-safe.
/// </summary>
internal sealed class EventLog
{
    private readonly Interner _texts = new();
    private readonly Dictionary<(int Experiment, int SpanId, int Label), int> _latest = [];
    private readonly Dictionary<(int Experiment, int SpanId), int> _spans = [];

    private readonly Dictionary<byte[], IReadOnlyList<string>> _requestTags = [];

    public ChunkedList<StoredSpan> Spans { get; } = new();

    public ChunkedList<StoredMetric> Metrics { get; } = new();

    public string Text(int number) => _texts[number];

    /// <summary>The tags that a request gave all its events.</summary>
    /// <param name="body">The body of the request, the same array as that of its rows.</param>
    public IReadOnlyList<string> RequestTags(byte[] body) => _requestTags.GetValueOrDefault(body, []);

    /// <summary>The span of a metric; null if none of that id was sent.</summary>
    public int? FindSpan(in StoredMetric metric) =>
        _spans.TryGetValue((metric.Experiment, metric.SpanId), out int row) ? row : null;

    /// <summary>True if a span is the last of its id in its experiment.</summary>
    public bool IsLatest(int spanRow) => _spans[(Spans[spanRow].Experiment, Spans[spanRow].SpanId)] == spanRow;

    /// <summary>The number of the empty span id, which metrics of a whole experiment have; null if there is none.</summary>
    public int? SummarySpanId => _texts.Find(string.Empty);

    /// <summary>Adds the events of a request.</summary>
    /// <param name="experiment">The number of their experiment.</param>
    /// <param name="spanRows">Gets the places of the spans.</param>
    /// <param name="metricRows">Gets the places of the metrics.</param>
    public void Append(int experiment, ParsedEvents events, List<int> spanRows, List<int> metricRows)
    {
        if (events.Tags.Count > 0)
        {
            _requestTags[events.Body] = events.Tags;
        }

        foreach (ref readonly ParsedSpan span in CollectionsMarshal.AsSpan(events.Spans))
        {
            spanRows.Add(Append(experiment, events.Body, in span));
        }

        foreach (ref readonly ParsedMetric metric in CollectionsMarshal.AsSpan(events.Metrics))
        {
            metricRows.Add(Append(experiment, events.Body, in metric));
        }
    }

    private int Append(int experiment, byte[] body, in ParsedSpan span)
    {
        int spanId = _texts.Intern(body, span.SpanId);
        int row = Spans.Add(new StoredSpan
        {
            Body = body,
            Experiment = experiment,
            SpanId = spanId,
            Start = span.Start,
            Length = span.Length,
            Name = _texts.Intern(body, span.Name),
            StartNs = span.StartNs,
            DurationNs = span.DurationNs,
            IsError = span.IsError,
        });
        _spans[(experiment, spanId)] = row;
        return row;
    }

    private int Append(int experiment, byte[] body, in ParsedMetric metric)
    {
        int row = Metrics.Add(new StoredMetric
        {
            Body = body,
            Start = metric.Start,
            Length = metric.Length,
            Experiment = experiment,
            SpanId = _texts.Intern(body, metric.SpanId),
            Label = _texts.Intern(body, metric.Label),
            Category = metric.Category is { } category ? _texts.Intern(body, category) : StoredMetric.NoCategory,
            TimestampMs = metric.TimestampMs,
            Score = metric.Score ?? 0,
            HasScore = metric.Score is not null,
            Boolean = metric.Boolean ?? false,
            HasBoolean = metric.Boolean is not null,
            Type = metric.Type,
            Assessment = metric.Assessment,
        });
        Supersede(row);
        return row;
    }

    private void Supersede(int row)
    {
        ref StoredMetric metric = ref Metrics[row];
        ref int latest = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _latest, (metric.Experiment, metric.SpanId, metric.Label), out bool exists);
        if (exists)
        {
            ref StoredMetric before = ref Metrics[latest];
            if (before.TimestampMs > metric.TimestampMs)
            {
                metric.IsSuperseded = true;
                return;
            }

            before.IsSuperseded = true;
        }

        latest = row;
    }
}

/// <summary>A list that grows without moving its items.</summary>
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

/// <summary>Gives each distinct text a number, so that a million rows share one string. Not thread-safe.</summary>
internal sealed class Interner
{
    private const int StackChars = 256;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _texts = [];

    public Interner()
    {
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string this[int number] => _texts[number];

    /// <summary>The number of a text; null if it has none yet.</summary>
    public int? Find(string text) => _numbers.TryGetValue(text, out int number) ? number : null;

    public int Intern(byte[] body, TextSlice slice)
    {
        // A UTF-8 text, escaped or not, never has more characters than bytes.
        char[]? rented = slice.Length > StackChars ? ArrayPool<char>.Shared.Rent(slice.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        int length = slice.IsEscaped
            ? Unescape(body, slice, chars)
            : Encoding.UTF8.GetChars(body.AsSpan(slice.Start, slice.Length), chars);
        int number = Intern(chars[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return number;
    }

    private static int Unescape(byte[] body, TextSlice slice, Span<char> chars)
    {
        var reader = new Utf8JsonReader(body.AsSpan(slice.Start - 1, slice.Length + 2));
        reader.Read();
        return reader.CopyString(chars);
    }

    private int Intern(ReadOnlySpan<char> text)
    {
        if (!_lookup.TryGetValue(text, out int number))
        {
            number = _texts.Count;
            string kept = text.ToString();
            _texts.Add(kept);
            _numbers.Add(kept, number);
        }

        return number;
    }
}
