using System.Text.Json;

namespace LlmObs.Emulator.Experiments;

/// <summary>The sums of an experiment's events: <c>aggregate_data</c> of lists and searches, in the shape of the live service.</summary>
internal sealed class ExperimentSums
{
    private static readonly string[] Measures = ["input_tokens", "output_tokens", "total_tokens", "estimated_total_cost"];

    private readonly double[] _measures = new double[Measures.Length];
    private readonly SortedDictionary<string, (EventWord Type, long Count, double Score, long Scores)> _custom = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (EventWord Type, long Count, double Score, long Scores)> _summary = new(StringComparer.Ordinal);
    private long _spans;
    private long _errors;
    private long _durationNs;

    private ExperimentSums()
    {
    }

    /// <summary>Adds up the events of an experiment; each span and metric once, however often it was sent.</summary>
    public static ExperimentSums Of(ExperimentEntry entry, EventLog events)
    {
        var sums = new ExperimentSums();
        foreach (int row in entry.SpanRows)
        {
            if (events.IsLatest(row))
            {
                sums.Add(events.Spans[row]);
            }
        }

        foreach (int row in entry.MetricRows)
        {
            StoredMetric metric = events.Metrics[row];
            if (!metric.IsSuperseded)
            {
                Add(metric.SpanId == events.SummarySpanId ? sums._summary : sums._custom, events.Text(metric.Label), metric);
            }
        }

        return sums;
    }

    /// <summary>Writes the member <c>aggregate_data</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("aggregate_data");
        json.WriteStartObject("evaluations");
        Write(json, "custom", _custom);
        Write(json, "summary", _summary);
        json.WriteEndObject();
        json.WriteNumber("total_spans", _spans);
        json.WriteNumber("total_errors", _errors);
        json.WriteNumber("total_tokens", (long)(_measures[2] > 0 ? _measures[2] : _measures[0] + _measures[1]));
        json.WriteNumber("total_input_tokens", (long)_measures[0]);
        json.WriteNumber("total_output_tokens", (long)_measures[1]);
        json.WriteNumber("total_duration_ns", _durationNs);
        json.WriteNumber("estimated_total_cost", (long)_measures[3]);
        json.WriteEndObject();
    }

    private static void Add(IDictionary<string, (EventWord Type, long Count, double Score, long Scores)> labels, string label, in StoredMetric metric)
    {
        (_, long count, double score, long scores) = labels.TryGetValue(label, out (EventWord Type, long Count, double Score, long Scores) found) ? found : default;
        labels[label] = metric.HasScore
            ? (metric.Type, count + 1, score + metric.Score, scores + 1)
            : (metric.Type, count + 1, score, scores);
    }

    private void Add(in StoredSpan span)
    {
        _spans++;
        _errors += span.IsError ? 1 : 0;
        _durationNs += span.DurationNs;
        using JsonDocument document = JsonDocument.Parse(span.Json, new JsonDocumentOptions { MaxDepth = BodyJson.MaxDepth });
        if (!document.RootElement.TryGetProperty("metrics", out JsonElement metrics) || metrics.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        for (int index = 0; index < Measures.Length; index++)
        {
            if (metrics.TryGetProperty(Measures[index], out JsonElement value) && value.ValueKind == JsonValueKind.Number)
            {
                _measures[index] += value.GetDouble();
            }
        }
    }

    // Null if there is none, as recorded; the content for each label was not recorded.
    private static void Write(
        Utf8JsonWriter json, string name, SortedDictionary<string, (EventWord Type, long Count, double Score, long Scores)> labels)
    {
        if (labels.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        foreach ((string label, (EventWord type, long count, double score, long scores)) in labels)
        {
            json.WriteStartObject(label);
            json.WriteString("metric_type", EventWords.TextOf(type));
            json.WriteNumber("count", count);
            if (scores > 0)
            {
                json.WriteNumber("average", score / scores);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
