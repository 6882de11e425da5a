using System.Text.Json;

namespace LlmObs.Quickstart.Running;

/// <summary>The result of a run, by its own account.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="SpanCount">The spans that it sent.</param>
/// <param name="MetricCount">The metrics that it sent.</param>
/// <param name="Averages">The averages that it printed: by label, and by <c>name/label</c>.</param>
/// <param name="Dataset">The dataset that it made.</param>
/// <param name="Candidate">The second experiment.</param>
/// <param name="BotRuns">The two runs of the bot.</param>
/// <param name="Report">The page that it wrote.</param>
/// <param name="Delta">The improvement of the bot's second run in the comparison.</param>
internal sealed record RunResult(
    string ExperimentId,
    long SpanCount,
    long MetricCount,
    IReadOnlyDictionary<string, double> Averages,
    DatasetResult Dataset,
    CandidateResult Candidate,
    IReadOnlyList<BotRun> BotRuns,
    string Report,
    double Delta)
{
    /// <summary>Reads the summary that the script has written.</summary>
    /// <exception cref="QuickstartException">It does not exist, or the script did not write it.</exception>
    public static RunResult Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement root = document.RootElement;
            return new RunResult(
                root.GetProperty("experiment_id").GetString() ?? string.Empty,
                root.GetProperty("spans").GetInt64(),
                root.GetProperty("metrics").GetInt64(),
                root.GetProperty("averages").EnumerateObject().ToDictionary(average => average.Name, average => average.Value.GetDouble()),
                DatasetResult.Read(root),
                CandidateResult.Read(root.GetProperty("candidate")),
                [.. root.GetProperty("runs").EnumerateArray().Select(BotRun.Read)],
                root.GetProperty("report").GetString() ?? string.Empty,
                root.GetProperty("verdict").GetProperty("delta").GetDouble());
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new QuickstartException($"The script ended without a summary that can be read: {e.Message}");
        }
    }
}
