using System.Text.Json;

namespace LlmObs.Quickstart.Running;

/// <summary>The result of a run of the bot, by its own account.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="RowCount">The rows that it recorded.</param>
/// <param name="Right">The rate of exact matches that it printed.</param>
internal sealed record BotRun(string ExperimentId, int RowCount, double Right)
{
    public static BotRun Read(JsonElement run) => new(
        run.GetProperty("experiment_id").GetString() ?? string.Empty,
        run.GetProperty("rows").GetInt32(),
        run.GetProperty("right").GetDouble());
}
