namespace LlmObs.Client.Rows;

/// <summary>
/// What rows of events and of records call their fields. The API's snake_case, PascalCase and camelCase are the same name;
/// <c>meta.</c> in front of a span's content is optional.
/// </summary>
public static class FieldNames
{
    private const string MetaPrefix = "meta.";

    /// <summary>The names of the fields of events that can be sent, for the nearest one to a name that is none.</summary>
    public static IReadOnlyList<string> OfEvents { get; } =
        [.. Enum.GetValues<EventField>().Where(field => !IsReadOnly(field)).Select(field => field.ToString())];

    /// <summary>The field of a record that a name means, as the API calls it.</summary>
    /// <param name="name">The name, as a header, a key or a property has it.</param>
    /// <returns>The field; null if it means none.</returns>
    internal static string? OfRecord(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant() switch
    {
        "input" or "inputdata" => "input",
        "expectedoutput" or "expected" => "expected_output",
        "metadata" => "metadata",
        "id" or "recordid" => "id",
        "tags" => "tags",
        _ => null,
    };

    /// <summary>The field that a name means.</summary>
    /// <param name="name">The name, as a header, a key or a property has it.</param>
    /// <param name="metaMember">The member's name, if the name is an unknown member of <c>meta</c>.</param>
    /// <returns>True if the name is a known field.</returns>
    internal static bool TryFind(ReadOnlySpan<char> name, out EventField field, out string? metaMember)
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
            if (Known(key[MetaPrefix.Length..]) is EventField member && IsOfMeta(member))
            {
                field = member;
                return true;
            }

            metaMember = name[(name.IndexOf('.') + 1)..].Trim().ToString();
            return false;
        }

        EventField? known = Known(key);
        field = known.GetValueOrDefault();
        return known is not null;
    }

    /// <summary>The API's name of a field; used in errors.</summary>
    internal static string ApiName(EventField field) => field switch
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
        EventField.EvalMetrics => "eval_metrics",
        EventField.ParentId => "parent_id",
        EventField.DatasetRecordId => "dataset_record_id",
        EventField.AdditionalProperties => "additional_properties",
        _ => field.ToString().ToLowerInvariant(),
    };

    // A switch and no dictionary: the first row of a session would wait for that to be compiled.
    private static EventField? Known(ReadOnlySpan<char> name) => name switch
    {
        "spanid" => EventField.SpanId,
        "traceid" => EventField.TraceId,
        "experimentid" => EventField.ExperimentId,
        "projectid" => EventField.ProjectId,
        "datasetid" => EventField.DatasetId,
        "name" => EventField.Name,
        "startns" or "starttime" or "start" => EventField.Start,
        "duration" or "durationns" => EventField.Duration,
        "status" => EventField.Status,
        "meta" => EventField.Meta,
        "input" => EventField.Input,
        "output" => EventField.Output,
        "expectedoutput" => EventField.ExpectedOutput,
        "error" => EventField.Error,
        "errormessage" or "error.message" => EventField.ErrorMessage,
        "errortype" or "error.type" => EventField.ErrorType,
        "errorstack" or "error.stack" => EventField.ErrorStack,
        "tags" or "tag" => EventField.Tags,
        "metadata" => EventField.Metadata,
        "label" => EventField.Label,
        "metrictype" => EventField.MetricType,
        "timestampms" or "timestamp" => EventField.Timestamp,
        "value" => EventField.Value,
        "scorevalue" => EventField.ScoreValue,
        "categoricalvalue" => EventField.CategoricalValue,
        "booleanvalue" => EventField.BooleanValue,
        "jsonvalue" => EventField.JsonValue,
        "assessment" => EventField.Assessment,
        "reasoning" => EventField.Reasoning,
        "metricsource" => EventField.MetricSource,
        "evalmetrics" => EventField.EvalMetrics,
        "parentid" => EventField.ParentId,
        "datasetrecordid" => EventField.DatasetRecordId,
        "measures" => EventField.Measures,
        "additionalproperties" => EventField.AdditionalProperties,
        _ => null,
    };

    /// <summary>True if only events from the service have it: it is not sent.</summary>
    internal static bool IsReadOnly(EventField field) => field >= EventField.EvalMetrics;

    /// <summary>True if the service derives this field from an event: nothing is lost if it is not sent.</summary>
    internal static bool IsOfService(string name) =>
        name.Equals("id", StringComparison.OrdinalIgnoreCase) || name.Replace("_", string.Empty, StringComparison.Ordinal).Equals("evalsourcetype", StringComparison.OrdinalIgnoreCase);

    /// <summary>True if the name of a time or a duration contains its unit, so that the field is exact.</summary>
    internal static bool IsExact(string name) =>
        name.EndsWith("ns", StringComparison.OrdinalIgnoreCase) || name.EndsWith("ms", StringComparison.OrdinalIgnoreCase);

    /// <summary>True if a name is for the display of a time or a duration that another field holds, too.</summary>
    internal static bool IsView(EventField field, string name, string exact) =>
        field is EventField.Start or EventField.Duration or EventField.Timestamp && IsExact(exact) && !IsExact(name);

    private static bool IsOfMeta(EventField field) => field is EventField.Input or EventField.Output or EventField.ExpectedOutput
        or EventField.Metadata or EventField.Error or EventField.ErrorMessage or EventField.ErrorType or EventField.ErrorStack;
}

/// <summary>The columns that show if rows are spans or metrics; every event has at least one of these fields.</summary>
internal static class EventKindColumns
{
    private const string Signs = "a span (start_ns, name or trace_id) nor a metric (metric_type or label)";

    private const string Tables = "name the columns of an evaluation table with -InputColumn, -OutputColumn, -ExpectedColumn and -MetricColumn";

    private static readonly EventField[] Signing =
        [EventField.Start, EventField.Name, EventField.TraceId, EventField.MetricType, EventField.Label];

    /// <summary>True if rows of these columns can be events at all.</summary>
    public static bool ShowsIn(ColumnMap plan) => Array.Exists(Signing, field => plan.ColumnOf(field) >= 0);

    /// <summary>A row that is neither.</summary>
    public static EventRowException Unseen() =>
        new(string.Empty, $"it is neither {Signs}; check the column names, or set -As; {Tables}");

    /// <summary>Columns of which no row can be either.</summary>
    public static EventRowException Unseen(IReadOnlyList<string> columns)
    {
        const int MostNamed = 50; // a file may have a million
        const int Longest = 60; // a file that is not a table may be all one name
        string[] named = [.. columns.Take(MostNamed).Select(column => column.Length > Longest ? column[..Longest] + "…" : column)];
        string more = columns.Count > named.Length ? ", …" : string.Empty;
        string near = string.Concat(named.Select(column => NearestWord.Ask(column, Signing.Select(FieldNames.ApiName))));
        return new EventRowException(
            string.Empty,
            $"its columns are {string.Join(", ", named)}{more}, and none shows whether a row is {Signs.Replace("nor", "or", StringComparison.Ordinal)}.{near} N{Tables[1..]}")
        {
            IsOfColumns = true,
        };
    }
}

/// <summary>
/// What a saved request looks like: lists of events, in the envelopes of the API or without. Whoever reads objects knows one by it.
/// </summary>
public static class PayloadShape
{
    /// <summary>The members that hold the lists, or another envelope.</summary>
    public static IReadOnlyList<string> Envelopes { get; } = ["data", "attributes"];

    /// <summary>The members that hold events.</summary>
    public static IReadOnlyList<(string Name, EventKind Kind)> Lists { get; } = [("spans", EventKind.Span), ("metrics", EventKind.Metric)];

    /// <summary>Members of events: an object that begins with one of them is an event, whatever follows.</summary>
    public static IReadOnlyList<string> EventMembers { get; } = ["trace_id", "span_id", "start_ns", "label"];

    /// <summary>True if a member is an envelope.</summary>
    /// <returns>True if it is.</returns>
    public static bool IsEnvelope(string name) => name is "data" or "attributes";

    /// <summary>The events that a member holds.</summary>
    /// <returns>The kind of the events; null if it holds none.</returns>
    public static EventKind? KindOf(string name) => name switch
    {
        "spans" => EventKind.Span,
        "metrics" => EventKind.Metric,
        _ => null,
    };

    /// <summary>True if a payload has a member of this name, and no event has.</summary>
    /// <param name="name">The name; case does not matter.</param>
    /// <returns>True if it is one of <see cref="Envelopes"/> or <see cref="Lists"/>.</returns>
    public static bool HasMember(string name) => name.Length is >= 4 and <= 10 && name.ToLowerInvariant() is var lower && (IsEnvelope(lower) || KindOf(lower) is not null);
}
