using System.Buffers;
using System.Text.Json;
using LlmObs.Emulator.Experiments;
using LlmObs.Emulator.Json;

namespace LlmObs.Emulator.Finding;

/// <summary>Everything that can be searched for: kind by kind, the newest of each first.</summary>
internal static class EntitySource
{
    // Each kind has a range of places of its own, in which the newest has the lowest.
    private const long PlacesPerKind = 1L << 40;

    /// <summary>The experiments.</summary>
    /// <param name="experiments">The table.</param>
    /// <param name="readable">Those made up to this time are found.</param>
    /// <param name="withAuthors">Whether authors were asked for.</param>
    public static IEnumerable<FoundEntity> Of(ExperimentTable experiments, DateTimeOffset readable, bool withAuthors)
    {
        foreach (int number in experiments.NewestFirst)
        {
            StoredExperiment experiment = experiments[number].Current;
            if (experiment.CreatedAt <= readable)
            {
                yield return new FoundEntity(
                    "experiments", PlacesPerKind - number, experiment.DeletedAt is not null, ToJson(json => ExperimentJson.WriteFlat(json, experiment, withAuthors)));
            }
        }
    }

    private static byte[] ToJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
