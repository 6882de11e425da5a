namespace LlmObs.Evaluation.Comparison;

/// <summary>The changes of a metric as data; the inputs and outputs of a change are read when they are needed.</summary>
internal sealed class ChangeList(IReadOnlyList<IChange> changes, PairedRuns runs) : IReadOnlyList<ValueChange>
{
    public IEnumerable<double> Differences => changes.Select(change => change.Delta).OfType<double>();

    private Dictionary<int, long>? _baselinePositions;
    private Dictionary<int, long>? _candidatePositions;

    public int Count => changes.Count;

    public ValueChange this[int index]
    {
        get
        {
            IChange change = changes[index];
            _baselinePositions ??= Positions(runs.Baseline);
            _candidatePositions ??= Positions(runs.Candidate);
            (object? input, object? baselineOutput) = runs.BaselineRun.ReadContent(_baselinePositions[change.Record]);
            (_, object? candidateOutput) = runs.CandidateRun.ReadContent(_candidatePositions[change.Record]);
            return new()
            {
                Key = runs.Keys[change.Record],
                Input = input,
                Baseline = change.From,
                Candidate = change.To,
                Delta = change.Delta,
                IsImproved = change.IsImproved,
                BaselineOutput = baselineOutput,
                CandidateOutput = candidateOutput,
            };
        }
    }

    public IEnumerator<ValueChange> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<int, long> Positions(ComparedSide side)
    {
        HashSet<int> wanted = [.. changes.Select(change => change.Record)];
        Dictionary<int, long> positions = [];
        for (int row = 0; row < side.Records.Count; row++)
        {
            if (wanted.Contains(side.Records[row]))
            {
                positions[side.Records[row]] = side.Positions[row];
            }
        }

        return positions;
    }
}

internal readonly record struct NumberChange(int Record, double Before, double After, bool LowerIsBetter) : IChange
{
    public double Gain => LowerIsBetter ? Before - After : After - Before;

    object? IChange.From => Before;

    object? IChange.To => After;

    double? IChange.Delta => After - Before;

    bool? IChange.IsImproved => Gain > 0;
}

internal readonly record struct CategoryChange(int Record, string From, string To) : IChange
{
    object? IChange.From => From;

    object? IChange.To => To;

    double? IChange.Delta => null;

    bool? IChange.IsImproved => null;
}

internal interface IChange
{
    int Record { get; }

    object? From { get; }

    object? To { get; }

    double? Delta { get; }

    bool? IsImproved { get; }
}
