using System.Collections;
using System.Text;

namespace LlmObs.Client.Sending;

/// <summary>
/// Keeps failures until their extent is known, so that one cause is one error. Failures that may pass are reported when something
/// is accepted again or at the end; refusals are reported at the end. Safe from several threads.
/// </summary>
internal sealed class GatheredFailures(IEventObserver observer)
{
    // This many refusals of one cause are reported one by one, each with the row of its event; fewer if events were refused
    // together, because it is then unknown which of them are bad.
    private const int MostReportedAlone = 100;
    private const int MostSharedReportedAlone = 10;

    private readonly Lock _gate = new();
    private readonly List<Refusal> _refused = [];
    private readonly HashSet<(LlmObsException Failure, string ExperimentId)> _warned = [];
    private List<Held> _held = [];

    /// <param name="events">The failed events of it.</param>
    /// <param name="keptIn">The spool's file that keeps them; null for none.</param>
    /// <param name="wasTried">True if a request was made for them.</param>
    public void Hold(ReadyBatch batch, BatchSlice events, LlmObsException failure, string? keptIn, bool wasTried)
    {
        var one = new Held(
            batch.ExperimentId,
            failure,
            batch.Number,
            events[0],
            events.Count,
            events.Count == batch.Count,
            wasTried,
            events.Event(0).Place,
            events.Event(events.Count - 1).Place,
            keptIn,
            keptIn is null ? EventTexts.Of(events) : null);
        bool isNews;
        lock (_gate)
        {
            _held.Add(one);
            isNews = !wasTried && _warned.Add((failure, batch.ExperimentId));
        }

        observer.OnFailing();
        if (isNews)
        {
            observer.OnTrouble(WarningTexts.NotTried(failure, batch.ExperimentId, areKept: keptIn is not null));
        }
    }

    /// <summary>Events that the service refuses, and will refuse again.</summary>
    public void Refuse(ReadyBatch batch, BatchSlice events, LlmObsException failure, bool isCulprit)
    {
        var one = new UndeliveredEvents(
            batch.ExperimentId, failure, events.Event(0).Place, events.Event(events.Count - 1).Place, EventTexts.Of(events)) { IsCulprit = isCulprit };
        lock (_gate)
        {
            _refused.Add(new Refusal(one, batch.Number, events[0], batch.Count));
        }

        observer.OnFailing();
    }

    /// <summary>Tells all that was gathered: nothing else will come.</summary>
    public void TellAll()
    {
        Report();
        Refusal[] refused;
        lock (_gate)
        {
            refused = [.. _refused.OrderBy(one => one.Number).ThenBy(one => one.Index)];
            _refused.Clear();
        }

        foreach (IGrouping<object, Refusal> same in refused.GroupBy(one => (object)(one.Events.ExperimentId, one.Events.Failure.Kind, one.Events.Failure.StatusCode, CauseOf(one.Events.Failure))))
        {
            Refusal[] all = [.. same];
            foreach (UndeliveredEvents events in all.Length > (all.All(one => one.Events.IsCulprit) ? MostReportedAlone : MostSharedReportedAlone) ? [Joined(all)] : all.Select(one => one.Events))
            {
                observer.OnFailed(events);
            }
        }
    }

    /// <summary>Tells what may pass and was gathered.</summary>
    public void Report()
    {
        List<Held> due;
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                return;
            }

            (due, _held) = (_held, []);
        }

        foreach (Held[] same in due
            .OrderBy(one => one.Number).ThenBy(one => one.Index)
            .GroupBy(one => (one.ExperimentId, one.Failure.Kind, one.Failure.StatusCode, IsKept: one.KeptIn is not null))
            .Select(group => group.ToArray()))
        {
            observer.OnFailed(Joined(same));
        }
    }

    private static UndeliveredEvents Joined(Held[] same)
    {
        Held first = same[0];
        bool isStretch = same.All(one => one.IsWhole) && same[^1].Number - first.Number == same.Length - 1;
        Held shown = same.FirstOrDefault(one => one.WasTried) ?? first;
        return new UndeliveredEvents(
            first.ExperimentId, shown.Failure, first.First, same[^1].Last, EventTexts.Join(same.Select(one => one.Texts).OfType<EventTexts>()))
        {
            Count = same.Sum(one => one.Count),
            UntriedCount = same.Where(one => !one.WasTried).Sum(one => one.Count),
            HasGaps = same.Length > 1 && !isStretch,
            KeptIn = same.Length == 1 ? first.KeptIn : Path.GetDirectoryName(first.KeptIn),
            SpoolPath = Path.GetDirectoryName(first.KeptIn),
        };
    }

    // The service's message without the place: a pointer names the place in the request.
    private static string CauseOf(LlmObsException failure) =>
        failure.Errors.Count == 0 ? failure.Message : string.Join('\n', failure.Errors.Select(error => $"{error.Title}: {error.Detail}"));

    private static UndeliveredEvents Joined(Refusal[] same)
    {
        UndeliveredEvents first = same[0].Events;
        IGrouping<long, Refusal>[] batches = [.. same.GroupBy(one => one.Number)];
        bool isStretch = batches[^1].Key - batches[0].Key == batches.Length - 1
            && batches.All(batch => batch.Sum(one => one.Events.Count) == batch.First().BatchCount);
        return new UndeliveredEvents(
            first.ExperimentId, first.Failure, first.First, same[^1].Events.Last, EventTexts.Join(same.Select(one => (EventTexts)one.Events.Json)))
        {
            IsCulprit = same.Any(one => one.Events.IsCulprit),
            Count = same.Sum(one => one.Events.Count),
            SharedCount = same.Where(one => !one.Events.IsCulprit).Sum(one => one.Events.Count),
            HasGaps = !isStretch,
        };
    }

    private sealed record Refusal(UndeliveredEvents Events, long Number, int Index, int BatchCount);

    private sealed record Held(
        string ExperimentId,
        LlmObsException Failure,
        long Number,
        int Index,
        int Count,
        bool IsWhole,
        bool WasTried,
        RowPlace First,
        RowPlace Last,
        string? KeptIn,
        EventTexts? Texts);
}

/// <summary>Events that are returned, a JSON text each. They stay UTF-8 until they are read: there may be a million.</summary>
public sealed class EventTexts : IReadOnlyList<string>
{
    private readonly Part[] _parts;

    private EventTexts(Part[] parts)
    {
        _parts = parts;
        Count = parts.Sum(part => part.Ends.Length);
    }

    /// <summary>Their number.</summary>
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
