using System.Buffers;
using System.Text.Json;

namespace LlmObs.Emulator.Store;

/// <summary>
/// The events of one experiment for reading: each span once, with its metrics. The store only appends, so a
/// metric that was sent again is in it twice.
/// </summary>
/// <param name="entry">The experiment.</param>
/// <param name="events">All events.</param>
/// <param name="readable">Events that arrived up to this time are read.</param>
internal sealed class EventListing(ExperimentEntry entry, EventLog events, DateTimeOffset readable)
{
    private const string RecordIdTag = "dataset_record_id:";

    private static readonly byte[][] NotReadBack = ["eval_metrics"u8.ToArray(), "id"u8.ToArray()];

    private readonly (int Spans, int Metrics) _count = entry.Reading.At(readable);

    /// <summary>The answer of "list events".</summary>
    public ReadOnlySequence<byte> Page(PageRequest page, EmulatorListEnd end)
    {
        ListPage<int> spans = page.Cut(SpansFrom(page.After), row => row);
        return ResourceDocument.WriteLong(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            ResourceDocument.WriteResource(json, entry.Current.Id, "experiment_events", () => WriteAttributes(json, spans.Items, isFirst: page.After is null));
            spans.WriteMeta(json, end);
            json.WriteEndObject();
        });
    }

    private void WriteAttributes(Utf8JsonWriter json, IReadOnlyList<int> spans, bool isFirst)
    {
        json.WriteStartArray("spans");
        foreach (int row in spans)
        {
            WriteSpan(json, row);
        }

        json.WriteEndArray();
        json.WriteStartArray("summary_metrics");
        if (isFirst)
        {
            WriteMetrics(json, events.SummarySpanId, "summary");
        }

        json.WriteEndArray();
    }

    private IEnumerable<int> SpansFrom(long? after)
    {
        int start = after is { } place ? entry.SpanRows.BinarySearch((int)place) : 0;
        for (int index = start < 0 ? ~start : start; index < _count.Spans; index++)
        {
            if (events.IsLatest(entry.SpanRows[index]))
            {
                yield return entry.SpanRows[index];
            }
        }
    }

    private void WriteSpan(Utf8JsonWriter json, int row)
    {
        StoredSpan span = events.Spans[row];
        json.WriteStartObject();
        json.WriteString("id", events.Text(span.SpanId));
        CopyMembers(json, span.Json, events.RequestTags(span.Body), "dataset_record_id", RecordIdOf);
        json.WriteStartArray("eval_metrics");
        WriteMetrics(json, span.SpanId, "custom");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteMetrics(Utf8JsonWriter json, int? spanId, string source)
    {
        if (spanId is not { } id)
        {
            return;
        }

        foreach (int place in entry.Reading.MetricsOf(id, entry.MetricRows, events).TakeWhile(place => place < _count.Metrics))
        {
            StoredMetric metric = events.Metrics[entry.MetricRows[place]];
            json.WriteStartObject();
            json.WriteString("id", FormattableString.Invariant($"{entry.Current.Id}-{place}"));
            CopyMembers(json, metric.Json, events.RequestTags(metric.Body), "metric_source", _ => source);
            json.WriteEndObject();
        }
    }

    /// <summary>Copies a sent event, with the tags of its request, and adds a member if it is missing.</summary>
    private static void CopyMembers(
        Utf8JsonWriter json, ReadOnlyMemory<byte> text, IReadOnlyList<string> requestTags, string added, Func<IReadOnlyList<string>, string?> valueOf)
    {
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
        bool isThere = false, hasTags = false;
        string[] tags = [.. requestTags];
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            isThere |= member.NameEquals(added);
            if (member.NameEquals("tags"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                hasTags = true;
                tags = [.. member.Value.EnumerateArray().Select(tag => tag.GetString()!), .. requestTags];
                ResourceDocument.WriteTexts(json, "tags", requestTags.Count == 0 ? tags : tags.Distinct());
            }
            else if (!Array.Exists(NotReadBack, name => member.NameEquals(name)))
            {
                member.WriteTo(json);
            }
        }

        if (!hasTags && tags.Length > 0)
        {
            ResourceDocument.WriteTexts(json, "tags", tags);
        }

        if (!isThere && valueOf(tags) is { } value)
        {
            json.WriteString(added, value);
        }
    }

    /// <summary>Senders name the record of a span in a tag, and readers find it in a member.</summary>
    private static string? RecordIdOf(IReadOnlyList<string> tags) =>
        tags.FirstOrDefault(tag => tag.StartsWith(RecordIdTag, StringComparison.Ordinal))?[RecordIdTag.Length..];
}
