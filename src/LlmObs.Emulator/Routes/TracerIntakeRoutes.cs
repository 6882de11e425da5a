using System.Text.Json;

namespace LlmObs.Emulator.Routes;

/// <summary>
/// The requests of a tracer besides the API: traced runs of Datadog's runner for Node send their spans here, and only metrics to
/// "push events". Spans with the tag <c>experiment_id</c> of an experiment become spans of it; others are accepted and dropped.
/// </summary>
internal sealed class TracerIntakeRoutes(StoreWriter writer, EmulatorStore store)
{
    private const string ExperimentTag = "experiment_id:";

    public IReadOnlyList<EmulatorRoute> All =>
    [
        new HandledRoute("GET", "/info", _ => Answer.Json(200, """{"endpoints":["/evp_proxy/v2/"]}"""u8.ToArray())) { NeedsNoKeys = true },
        new HandledRoute("POST", "/evp_proxy/v2/api/v2/llmobs", Take) { NeedsNoKeys = true },
        new HandledRoute("POST", "/api/v2/llmobs", Take) { NeedsNoKeys = true },
    ];

    private Answer Take(RouteRequest request)
    {
        if (BodyJson.Parse(request.Body, out JsonDocument? document) is { } malformed)
        {
            return Answer.Of(malformed);
        }

        using (document)
        {
            JsonElement root = document!.RootElement;
            JsonElement[] payloads = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            foreach (IGrouping<string?, JsonElement> spans in payloads.SelectMany(Spans).GroupBy(span => Tag(span, ExperimentTag)))
            {
                if (spans.Key is { } id && store.FindExperiment(id) is { } experiment && Append(experiment, spans) is { } problem)
                {
                    return Answer.Of(problem);
                }
            }
        }

        return Answer.Empty(202);
    }

    private static IEnumerable<JsonElement> Spans(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("spans", out JsonElement spans) && spans.ValueKind == JsonValueKind.Array
            ? spans.EnumerateArray().Where(span => span.ValueKind == JsonValueKind.Object)
            : [];

    private static string? Tag(JsonElement span, string prefix) =>
        span.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
            ? tags.EnumerateArray()
                .Where(tag => tag.ValueKind == JsonValueKind.String)
                .Select(tag => tag.GetString()!)
                .FirstOrDefault(tag => tag.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..]
            : null;

    /// <summary>Appends spans as "push events" would: a tracer names project and dataset in tags only.</summary>
    private Problem? Append(StoredExperiment experiment, IEnumerable<JsonElement> spans)
    {
        byte[] body = ResourceDocument.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("type", "events");
            json.WriteStartObject("attributes");
            json.WriteStartArray("spans");
            foreach (JsonElement span in spans)
            {
                Write(json, experiment, span);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return EventsReader.Read(body, EventRules.None, out ParsedEvents events) ?? writer.Append(experiment.Id, events);
    }

    private static void Write(Utf8JsonWriter json, StoredExperiment experiment, JsonElement span)
    {
        json.WriteStartObject();
        if (!span.TryGetProperty("project_id", out _))
        {
            json.WriteString("project_id", experiment.ProjectId);
        }

        if (!span.TryGetProperty("dataset_id", out _))
        {
            json.WriteString("dataset_id", experiment.DatasetId ?? string.Empty);
        }

        foreach (JsonProperty member in span.EnumerateObject())
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
