namespace LlmObs.Emulator.Experiments;

/// <summary>What a reading asks for beside the experiments themselves.</summary>
/// <param name="WithAuthor">Their authors.</param>
/// <param name="DatasetName">Finds the name of an experiment's dataset; null where there is none, or it was not asked for.</param>
/// <param name="Sums">Finds what an experiment's events come to; null where that is not shown.</param>
internal sealed record ExperimentExtras(bool WithAuthor, Func<StoredExperiment, string?> DatasetName, Func<StoredExperiment, ExperimentSums?> Sums)
{
    public static ExperimentExtras None { get; } = new(false, _ => null, _ => null);
}
