namespace LlmObs.Emulator.Pages;

/// <summary>Makes pages for a browser of what an emulator holds. The emulator only serves them: it knows no reports.</summary>
public interface IPageSource
{
    /// <summary>The page that lists everything.</summary>
    /// <param name="store">What the emulator holds.</param>
    /// <returns>The page.</returns>
    Task<EmulatorPage> OverviewAsync(EmulatorStore store);

    /// <summary>The page of one experiment.</summary>
    /// <param name="store">What the emulator holds.</param>
    /// <param name="experimentId">The id that was asked for.</param>
    /// <returns>The page; one that says so if there is no such experiment.</returns>
    Task<EmulatorPage> ExperimentAsync(EmulatorStore store, string experimentId);

    /// <summary>The page of two experiments beside each other.</summary>
    /// <param name="store">What the emulator holds.</param>
    /// <param name="experimentIds">The ids that were asked for; two, unless somebody asked for something else.</param>
    /// <returns>The page; one that says so if these are not two experiments.</returns>
    Task<EmulatorPage> ComparisonAsync(EmulatorStore store, IReadOnlyList<string> experimentIds);
}

/// <summary>A page for a browser.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Html">The page, UTF-8.</param>
public sealed record EmulatorPage(int Status, byte[] Html);
