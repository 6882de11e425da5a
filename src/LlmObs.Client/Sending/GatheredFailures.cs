namespace LlmObs.Client.Sending;

/// <summary>
/// Failures that may pass, until it is known how far they reach: those of one cause are told as one, when something is
/// accepted again or at the end. Safe from several threads.
/// </summary>
internal sealed class GatheredFailures(IEventObserver observer)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(LlmObsException Failure, string ExperimentId)> _warned = [];
    private List<Held> _held = [];

    /// <param name="batch">The batch.</param>
    /// <param name="events">What of it failed.</param>
    /// <param name="failure">Why.</param>
    /// <param name="keptIn">The spool's file that keeps them; null where nothing does.</param>
    /// <param name="wasTried">Whether a request was made for them.</param>
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

    /// <summary>Tells what was gathered.</summary>
    public void Tell()
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
