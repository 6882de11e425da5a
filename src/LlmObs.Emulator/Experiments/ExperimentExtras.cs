namespace LlmObs.Emulator.Experiments;

/// <summary>What a reading asks for beside the experiments themselves.</summary>
/// <param name="WithAuthor">Their authors.</param>
/// <param name="DatasetName">Finds the name of an experiment's dataset; null where there is none, or it was not asked for.</param>
internal sealed record ExperimentExtras(bool WithAuthor, Func<StoredExperiment, string?> DatasetName)
{
    public static ExperimentExtras None { get; } = new(false, _ => null);
}
