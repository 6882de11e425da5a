using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Search;

/// <summary>Finds spans of any experiment, and writes them like the search over spans.</summary>
internal sealed class SpanFinder(EmulatorStore store, EmulatorOptions options)
{
    private const string Kind = "experiment"; // the spans of experiments are of this kind

    /// <summary>The fields that a filter may name.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["span_id", "trace_id", "span_kind", "span_name", "ml_app"];

    public ReadOnlySequence<byte> Find(SpanSearchRequest request) => store.Read((experiments, events) =>
    {
        DateTimeOffset readable = options.Time.GetUtcNow() - options.ReadLag;
        ListPage<FoundEntity> page = request.Page.Cut(Matching(request, experiments, events, readable), span => span.Place, falling: request.IsNewestFirst);
        return ResourceDocument.List(page.Items, (json, span) => json.WriteRawValue(span.Json, skipInputValidation: true), json => page.WriteMeta(json, options.ListEnd));
    });

    private static IEnumerable<FoundEntity> Matching(SpanSearchRequest request, ExperimentRegistry experiments, EventLog events, DateTimeOffset readable)
    {
        int count = events.Spans.Count;
        var ends = new Dictionary<int, (int Row, int Metrics)>(); // of each experiment, the first row that is not read back yet, and its metrics that are
        for (int index = 0; index < count; index++)
        {
            int row = request.IsNewestFirst ? count - 1 - index : index;
            StoredSpan span = events.Spans[row];
            ExperimentEntry entry = experiments[span.Experiment];
            if (span.StartNs < request.FromNs || span.StartNs > request.ToNs || !events.IsLatest(row) || entry.Current.DeletedAt is not null)
            {
                continue;
            }

            if (!ends.TryGetValue(span.Experiment, out (int Row, int Metrics) end))
            {
                (int spans, int metrics) = entry.Reading.At(readable);
                ends[span.Experiment] = end = (spans < entry.SpanRows.Count ? entry.SpanRows[spans] : int.MaxValue, metrics);
            }

            if (row >= end.Row)
            {
                continue;
            }

            var found = new FoundEntity("spans", row, false, Write(span, entry, events, end.Metrics));
            if (request.Query is QueryNode query
                ? EntityQuery.Matches(query, found)
                : request.Fields.All(one => EntityQuery.ValuesOf(one.Field == "span_name" ? "name" : one.Field, found).Exists(value => new EqualTest(one.Value).Matches(in value))))
            {
                yield return found;
            }
        }
    }

    private static byte[] Write(StoredSpan span, ExperimentEntry entry, EventLog events, int metricCount)
    {
        using JsonDocument document = JsonDocument.Parse(span.Json, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
        JsonElement sent = document.RootElement;
        return ResourceDocument.Write(json => ResourceDocument.WriteResource(json, events.Text(span.SpanId), "span", () =>
        {
            foreach (string member in (string[])["span_id", "trace_id", "name", "start_ns", "duration", "status", "parent_id"])
            {
                if (sent.TryGetProperty(member, out JsonElement value))
                {
                    ResourceDocument.WriteValue(json, member, value);
                }
            }

            json.WriteString("span_kind", Kind);
            json.WriteString("ml_app", entry.Current.ProjectId);
            if (sent.TryGetProperty("meta", out JsonElement meta) && meta.ValueKind == JsonValueKind.Object)
            {
                WriteText(json, meta, "input");
                WriteText(json, meta, "output");
                if (meta.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object)
                {
                    ResourceDocument.WriteValue(json, "metadata", metadata);
                }
            }

            json.WriteStartObject("evaluation");
            foreach (int place in entry.Reading.MetricsOf(span.SpanId, entry.MetricRows, events).TakeWhile(place => place < metricCount))
            {
                WriteMetric(json, events.Metrics[entry.MetricRows[place]], events);
            }

            json.WriteEndObject();
            IEnumerable<string> tags = sent.TryGetProperty("tags", out JsonElement own) && own.ValueKind == JsonValueKind.Array
                ? own.EnumerateArray().Select(tag => tag.GetString() ?? string.Empty)
                : [];
            ResourceDocument.WriteTexts(json, "tags", tags.Concat(events.RequestTags(span.Body)).Distinct());
        }));
    }

    private static void WriteMetric(Utf8JsonWriter json, StoredMetric metric, EventLog events)
    {
        if (metric.IsSuperseded)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(metric.Json, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
        json.WriteStartObject(events.Text(metric.Label));
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            string? name = member.Name switch
            {
                "metric_type" => "eval_metric_type",
                "score_value" or "categorical_value" or "boolean_value" or "json_value" => "value",
                "assessment" or "reasoning" or "status" or "tags" => member.Name,
                _ => null,
            };
            if (name is not null)
            {
                ResourceDocument.WriteValue(json, name, member.Value);
            }
        }

        json.WriteEndObject();
    }

    // Text stays text; any other value is its JSON.
    private static void WriteText(Utf8JsonWriter json, JsonElement meta, string name)
    {
        if (meta.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
        {
            json.WriteStartObject(name);
            json.WriteString("value", value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
            json.WriteEndObject();
        }
    }
}
