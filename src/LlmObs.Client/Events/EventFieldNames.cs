using System.Collections.Frozen;

namespace LlmObs.Client;

/// <summary>
/// What rows call their fields. The API's snake_case, PascalCase and camelCase are the same name; <c>meta.</c> in front of
/// a span's content is optional.
/// </summary>
internal static class EventFieldNames
{
    private const string MetaPrefix = "meta.";

    private static readonly FrozenDictionary<string, EventField> Known = new Dictionary<string, EventField>
    {
        ["spanid"] = EventField.SpanId,
        ["traceid"] = EventField.TraceId,
        ["experimentid"] = EventField.ExperimentId,
        ["projectid"] = EventField.ProjectId,
        ["datasetid"] = EventField.DatasetId,
        ["name"] = EventField.Name,
        ["startns"] = EventField.Start,
        ["starttime"] = EventField.Start,
        ["start"] = EventField.Start,
        ["duration"] = EventField.Duration,
        ["durationns"] = EventField.Duration,
        ["status"] = EventField.Status,
        ["meta"] = EventField.Meta,
        ["input"] = EventField.Input,
        ["output"] = EventField.Output,
        ["expectedoutput"] = EventField.ExpectedOutput,
        ["error"] = EventField.Error,
        ["errormessage"] = EventField.ErrorMessage,
        ["errortype"] = EventField.ErrorType,
        ["errorstack"] = EventField.ErrorStack,
        ["error.message"] = EventField.ErrorMessage,
        ["error.type"] = EventField.ErrorType,
        ["error.stack"] = EventField.ErrorStack,
        ["tags"] = EventField.Tags,
        ["tag"] = EventField.Tags,
        ["metadata"] = EventField.Metadata,
        ["label"] = EventField.Label,
        ["metrictype"] = EventField.MetricType,
        ["timestampms"] = EventField.Timestamp,
        ["timestamp"] = EventField.Timestamp,
        ["value"] = EventField.Value,
        ["scorevalue"] = EventField.ScoreValue,
        ["categoricalvalue"] = EventField.CategoricalValue,
        ["booleanvalue"] = EventField.BooleanValue,
        ["jsonvalue"] = EventField.JsonValue,
        ["assessment"] = EventField.Assessment,
        ["reasoning"] = EventField.Reasoning,
        ["metricsource"] = EventField.MetricSource,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<EventField> MetaMembers =
        new[] { EventField.Input, EventField.Output, EventField.ExpectedOutput, EventField.Metadata, EventField.Error, EventField.ErrorMessage, EventField.ErrorType, EventField.ErrorStack }.ToFrozenSet();

    private static readonly FrozenDictionary<string, EventField>.AlternateLookup<ReadOnlySpan<char>> Lookup = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The field that a name means.</summary>
    /// <param name="name">The name, as a header, a key or a property has it.</param>
    /// <param name="field">The field.</param>
    /// <param name="metaMember">Where the name is an unknown member of <c>meta</c>: that member's name.</param>
    /// <returns>Whether the name is a known field.</returns>
    public static bool TryFind(ReadOnlySpan<char> name, out EventField field, out string? metaMember)
    {
        metaMember = null;
        field = default;
        Span<char> plain = stackalloc char[64];
        if (name.Length > plain.Length)
        {
            return false;
        }

        int length = 0;
        foreach (char c in name)
        {
            if (c is not ('_' or '-' or ' '))
            {
                plain[length++] = char.ToLowerInvariant(c);
            }
        }

        ReadOnlySpan<char> key = plain[..length];
        if (key.StartsWith(MetaPrefix))
        {
            if (Lookup.TryGetValue(key[MetaPrefix.Length..], out field) && MetaMembers.Contains(field))
            {
                return true;
            }

            metaMember = name[(name.IndexOf('.') + 1)..].Trim().ToString();
            return false;
        }

        return Lookup.TryGetValue(key, out field);
    }

    /// <summary>What the API calls a field; used in errors.</summary>
    public static string ApiName(EventField field) => field switch
    {
        EventField.SpanId => "span_id",
        EventField.TraceId => "trace_id",
        EventField.ExperimentId => "experiment_id",
        EventField.ProjectId => "project_id",
        EventField.DatasetId => "dataset_id",
        EventField.Start => "start_ns",
        EventField.ExpectedOutput => "expected_output",
        EventField.ErrorMessage => "error_message",
        EventField.ErrorType => "error_type",
        EventField.ErrorStack => "error_stack",
        EventField.MetricType => "metric_type",
        EventField.Timestamp => "timestamp_ms",
        EventField.ScoreValue => "score_value",
        EventField.CategoricalValue => "categorical_value",
        EventField.BooleanValue => "boolean_value",
        EventField.JsonValue => "json_value",
        EventField.MetricSource => "metric_source",
        _ => field.ToString().ToLowerInvariant(),
    };
}
