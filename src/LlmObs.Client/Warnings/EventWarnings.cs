using System.Buffers;
using System.Globalization;

namespace LlmObs.Client.Warnings;

/// <summary>
/// Warnings about events that the service may reject although its documentation allows them. Such events are sent: the service decides.
/// The first of each kind is reported in full, the others are counted. Safe from several threads.
/// </summary>
public sealed class EventWarnings
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long EarliestStartNs = 946_684_800_000 * NanosecondsPerMillisecond; // 2000-01-01

    private static readonly TimeSpan OldestMetric = TimeSpan.FromHours(24);

    private static readonly SearchValues<byte> LabelBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    private readonly Lock _gate = new();
    private readonly Kind _oldMetric = new("are metrics older than 24 hours");
    private readonly Kind _oddLabel = new("have a label with characters other than letters, digits, _ and -");
    private readonly Kind _sameIds = new("have the same trace_id and span_id");
    private readonly Kind _oddStart = new("have a start before the year 2000, or more than a day from now");
    private readonly Kind[] _kinds;
    private long _latestStartNs; // by the clock when it was last asked

    /// <summary>No warnings yet.</summary>
    public EventWarnings() => _kinds = [_oldMetric, _oddLabel, _sameIds, _oddStart];

    /// <summary>The warnings that were not given yet, the first of each kind.</summary>
    /// <returns>Sentences.</returns>
    public IReadOnlyList<string> TakeFirst()
    {
        lock (_gate)
        {
            string[] news = [.. _kinds.Where(kind => kind is { First: not null, IsSaid: false }).Select(kind => kind.First!)];
            foreach (Kind kind in _kinds)
            {
                kind.IsSaid |= kind.First is not null;
            }

            return news;
        }
    }

    /// <summary>The number of further ones of each kind, for the end.</summary>
    /// <returns>Sentences; none of a kind that was met once.</returns>
    public IReadOnlyList<string> Totals()
    {
        lock (_gate)
        {
            return [.. _kinds.Where(kind => kind.Count > 1).Select(kind => string.Create(
                CultureInfo.InvariantCulture, $"{kind.Count} events {kind.Words}; the last is that of {kind.Last}."))];
        }
    }

    internal void OfTime(long timestampMs, DateTimeOffset now, RowPlace place)
    {
        if (timestampMs < (now - OldestMetric).ToUnixTimeMilliseconds())
        {
            Note(_oldMetric, place, $"timestamp_ms is {Shown(timestampMs)}, more than 24 hours ago, and the service refuses such metrics; leave it out to use the current time");
        }
    }

    internal void OfStart(long startNs, TimeProvider time, RowPlace place)
    {
        if (startNs >= EarliestStartNs && startNs <= _latestStartNs)
        {
            return; // to ask the clock takes longer than all else, and a start that was likely before stays so
        }

        _latestStartNs = (time.GetUtcNow() + OldestMetric).ToUnixTimeMilliseconds() * NanosecondsPerMillisecond;
        if (startNs < EarliestStartNs || startNs > _latestStartNs)
        {
            Note(_oddStart, place, $"start_ns is {Shown(startNs / NanosecondsPerMillisecond)}, which is not a likely time of a run; give nanoseconds since 1970");
        }
    }

    /// <param name="json">The label as it was written: a JSON string.</param>
    /// <param name="label">The cell that it was written of.</param>
    internal void OfLabel(ReadOnlySpan<byte> json, in Cell label, RowPlace place)
    {
        // What is escaped may be a letter all the same.
        if (json[1..^1].ContainsAnyExcept(LabelBytes)
            && !(label.TryGetText(out string text) && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')))
        {
            Note(_oddLabel, place, $"label is {label.ToString()}, and the service may accept only letters, digits, _ and -");
        }
    }

    /// <param name="traceId">The trace's id as it was written.</param>
    /// <param name="spanId">The span's.</param>
    /// <param name="cell">The cell of the latter.</param>
    internal void OfIds(ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId, in Cell cell, RowPlace place)
    {
        if (traceId.SequenceEqual(spanId))
        {
            Note(_sameIds, place, $"trace_id and span_id are both {cell.ToString()}, and should differ: a trace is made of spans");
        }
    }

    private static string Shown(long timestampMs) =>
        timestampMs >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() ? Timestamps.Format(DateTimeOffset.FromUnixTimeMilliseconds(timestampMs)) : timestampMs.ToString(CultureInfo.InvariantCulture);

    private void Note(Kind kind, RowPlace place, string words)
    {
        lock (_gate)
        {
            kind.Count++;
            kind.Last = place;
            kind.First ??= $"The event of {place} is sent, but may be refused: {words}.";
        }
    }

    private sealed class Kind(string words)
    {
        public string Words => words;

        public string? First { get; set; }

        public bool IsSaid { get; set; }

        public long Count { get; set; }

        public RowPlace Last { get; set; }
    }
}
