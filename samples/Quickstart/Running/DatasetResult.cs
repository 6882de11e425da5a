using System.Text.Json;

namespace LlmObs.Quickstart.Running;

/// <summary>The dataset that a run believes it made.</summary>
/// <param name="ProjectId">Its project.</param>
/// <param name="Id">The dataset.</param>
/// <param name="RecordCount">The records that it added.</param>
internal sealed record DatasetResult(string ProjectId, string Id, long RecordCount)
{
    public static DatasetResult Read(JsonElement summary) => new(
        summary.GetProperty("project_id").GetString() ?? string.Empty,
        summary.GetProperty("dataset_id").GetString() ?? string.Empty,
        summary.GetProperty("records").GetInt64());
}
