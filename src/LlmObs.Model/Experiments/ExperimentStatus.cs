namespace LlmObs;

/// <summary>
/// The execution states of an experiment that the API documents. Kept as words, not as an enum, because the service may
/// answer with words that are newer than this module.
/// </summary>
public static class ExperimentStatus
{
    /// <summary>The experiment is being filled.</summary>
    public const string Running = "running";

    /// <summary>The experiment ended as planned.</summary>
    public const string Completed = "completed";

    /// <summary>The experiment ended with an error.</summary>
    public const string Failed = "failed";

    /// <summary>The experiment was stopped before its end.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>All documented states.</summary>
    public static IReadOnlyList<string> All { get; } = [Running, Completed, Failed, Interrupted];

    /// <summary>Whether a state is one that an experiment ends in.</summary>
    /// <param name="status">The state, or a word that this version does not know; case does not matter.</param>
    /// <returns>False for those that it does not know.</returns>
    public static bool IsFinal(string? status) =>
        status is not null && ((string[])[Completed, Failed, Interrupted]).Contains(status, StringComparer.OrdinalIgnoreCase);
}
