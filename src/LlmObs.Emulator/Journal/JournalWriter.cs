namespace LlmObs.Emulator.Journal;

/// <summary>The order of all writes: one after the other, each in the journal before it is visible.</summary>
/// <param name="file">The journal; null to keep nothing on disk.</param>
internal sealed class JournalWriter(JournalFile? file)
{
    /// <summary>Held from the decision what a write does until it is visible.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Puts an entry in the journal.</summary>
    /// <returns>The reason why it could not be kept; null if it was.</returns>
    public Problem? Keep(Func<JournalEntry> entry)
    {
        try
        {
            file?.Append(entry());
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(500, $"Nothing was stored, because the journal could not be written: {failure.Message}");
        }
    }
}
