using System.Globalization;
using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>An experiment as the emulator holds it.</summary>
public sealed record StoredExperiment
{
    /// <summary>The id, a UUID.</summary>
    public required string Id { get; init; }

    /// <summary><c>name</c>, with its suffix if one was added.</summary>
    public required string Name { get; init; }

    /// <summary><c>experiment</c>: the name that was sent.</summary>
    public required string LogicalName { get; init; }

    /// <summary><c>project_id</c>.</summary>
    public required string ProjectId { get; init; }

    /// <summary><c>dataset_id</c>; null if there is none.</summary>
    public string? DatasetId { get; init; }

    /// <summary><c>dataset_version</c>; if a dataset was named without one, its current version, or 1 for one that is not held here; null without a dataset.</summary>
    public long? DatasetVersion { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary><c>config</c>, an object; null if none was sent.</summary>
    public JsonElement? Config { get; init; }

    /// <summary><c>metadata</c>, an object; null if none was sent or it was cleared.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary><c>status</c>, one of <see cref="ExperimentStatus"/>; null until it is set.</summary>
    public string? Status { get; init; }

    /// <summary><c>error</c>: why it failed.</summary>
    public string? Error { get; init; }

    /// <summary><c>run_count</c>.</summary>
    public int? RunCount { get; init; }

    /// <summary><c>parent_experiment_id</c>.</summary>
    public string? ParentExperimentId { get; init; }

    /// <summary><c>created_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>updated_at</c>, UTC, to 100 ns.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>deleted_at</c>, UTC, to 100 ns; null if it was not deleted.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The attributes under their API names, as an update that answers with the resource sends them.</summary>
    public JsonElement Attributes => ExperimentResource.Attributes(this);
}

/// <summary>The requested data in addition to the experiments themselves.</summary>
/// <param name="WithAuthor">Their authors.</param>
/// <param name="DatasetName">Finds the name of an experiment's dataset; null if there is none, or if it was not requested.</param>
/// <param name="Sums">Finds the sums of an experiment's events; null if they are not shown.</param>
internal sealed record ExperimentExtras(bool WithAuthor, Func<StoredExperiment, string?> DatasetName, Func<StoredExperiment, ExperimentSums?> Sums)
{
    public static ExperimentExtras None { get; } = new(false, _ => null, _ => null);
}

/// <summary>The author of everything that the emulator holds: it knows no users, and takes any keys.</summary>
internal static class EmulatorUser
{
    private const string Id = "00000000-0000-4000-8000-000000000001";

    /// <summary>Writes the member <c>author</c> with the id alone, as datasets and records have it.</summary>
    public static void WriteId(Utf8JsonWriter json)
    {
        json.WriteStartObject("author");
        json.WriteString("id", Id);
        json.WriteEndObject();
    }

    /// <summary>Writes the member <c>author</c>.</summary>
    public static void Write(Utf8JsonWriter json) => Write(json, "author");

    /// <summary>Writes the user as a member.</summary>
    public static void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("id", Id);
        json.WriteString("name", "Emulator User");
        json.WriteString("email", "user@emulator.invalid");
        json.WriteString("handle", "user@emulator.invalid");
        json.WriteEndObject();
    }
}

/// <summary>Times as the live service writes them: RFC 3339, UTC, at least four fractional digits, no further zeros.</summary>
internal static class ServiceTime
{
    private const int LeastDigits = 4;
    private const int AllDigits = 7;

    public static string Format(DateTimeOffset time)
    {
        string text = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        int end = text.Length;
        int shortest = text.Length - AllDigits + LeastDigits;
        while (end > shortest && text[end - 1] == '0')
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), "Z");
    }

    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
