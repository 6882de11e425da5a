namespace LlmObs.Evaluation.Comparison;

/// <summary>
/// Two runs whose records are paired: by their ids or, if none occurs in both, by equal input, because copied datasets have ids of
/// their own.
/// </summary>
internal sealed class PairedRuns
{
    public PairedRuns(IComparedRun baseline, IComparedRun candidate)
    {
        BaselineRun = baseline;
        CandidateRun = candidate;
        Keys = new();
        Baseline = ComparedSide.Read(baseline, Keys, byInput: false);
        Candidate = ComparedSide.Read(candidate, Keys, byInput: false);
        if (CountRecords().Both == 0 && Baseline.Records.Count > 0 && Candidate.Records.Count > 0)
        {
            (RecordKeys ids, ComparedSide baselineById, ComparedSide candidateById) = (Keys, Baseline, Candidate);
            RecordKeys inputs = new();
            (Keys, Baseline, Candidate) = (inputs, ComparedSide.Read(baseline, inputs, byInput: true), ComparedSide.Read(candidate, inputs, byInput: true));
            AreByInput = CountRecords().Both > 0;
            if (!AreByInput)
            {
                (Keys, Baseline, Candidate) = (ids, baselineById, candidateById);
            }
        }
    }

    public IComparedRun BaselineRun { get; }

    public IComparedRun CandidateRun { get; }

    public ComparedSide Baseline { get; }

    public ComparedSide Candidate { get; }

    public RecordKeys Keys { get; }

    public bool AreByInput { get; }

    public (int Both, int BaselineOnly, int CandidateOnly) CountRecords()
    {
        bool[] inBaseline = new bool[Keys.Count];
        bool[] inCandidate = new bool[Keys.Count];
        foreach (int record in Baseline.Records)
        {
            inBaseline[record] = true;
        }

        foreach (int record in Candidate.Records)
        {
            inCandidate[record] = true;
        }

        int both = Enumerable.Range(0, Keys.Count).Count(record => inBaseline[record] && inCandidate[record]);
        return (both, inBaseline.Count(found => found) - both, inCandidate.Count(found => found) - both);
    }

    /// <summary>Facts about the two runs that limit a comparison.</summary>
    public IEnumerable<string> Notes()
    {
        (int both, int baselineOnly, int candidateOnly) = CountRecords();
        if (AreByInput)
        {
            yield return "No record id occurs in both runs; records were paired by equal input.";
        }

        if (BaselineRun.DatasetId is string before && CandidateRun.DatasetId is string after && before != after)
        {
            yield return $"The runs are on different datasets: {before} and {after}.";
        }
        else if (BaselineRun.DatasetVersion is long from && CandidateRun.DatasetVersion is long to && from != to)
        {
            yield return $"The runs are on different versions of the dataset: {from} and {to}. Records may have changed.";
        }

        if (baselineOnly > 0)
        {
            yield return $"{baselineOnly} of {baselineOnly + both} records of the baseline are not in the candidate.";
        }

        if (candidateOnly > 0)
        {
            yield return $"{candidateOnly} of {candidateOnly + both} records of the candidate are not in the baseline.";
        }

        if (Baseline.DoubleCount + Candidate.DoubleCount is int doubles and > 0)
        {
            yield return $"{doubles} rows were replaced by a later row of the same record and iteration.";
        }

        foreach ((IComparedRun run, ComparedSide side) in ((IComparedRun, ComparedSide)[])[(BaselineRun, Baseline), (CandidateRun, Candidate)])
        {
            if (side.ErrorCount > 0)
            {
                yield return $"The task failed for {side.ErrorCount} of {side.Records.Count} rows of {run.Name}.";
            }
        }
    }
}
