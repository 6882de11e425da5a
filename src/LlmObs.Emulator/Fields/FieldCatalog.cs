namespace LlmObs.Emulator.Fields;

/// <summary>
/// Which field a name means. Names of the API come first; then <c>experiment.…</c>, <c>span.…</c> and <c>metric.…</c>; any
/// other name is a path into the metric, else into the span.
/// </summary>
internal static class FieldCatalog
{
    /// <summary>The longest name that is looked up, in characters.</summary>
    public const int MaxNameLength = 1000;

    private static readonly Dictionary<string, QueryableField> Known = new(StringComparer.Ordinal)
    {
        ["label"] = new NumberedField(view => view.Metric.Label, view => FieldValue.Of(view.Label)),
        ["metric_type"] = new NumberedField(view => (int)view.Metric.Type, view => Text(EventWords.TextOf(view.Metric.Type))),
        ["assessment"] = new NumberedField(view => (int)view.Metric.Assessment, view => Text(EventWords.TextOf(view.Metric.Assessment))),
        ["score_value"] = new RowField(view => view.Metric.HasScore ? FieldValue.Of(view.Metric.Score) : FieldValue.None),
        ["boolean_value"] = new RowField(view => view.Metric.HasBoolean ? FieldValue.Of(view.Metric.Boolean) : FieldValue.None),
        ["categorical_value"] = new NumberedField(view => view.Metric.Category, view => Text(view.Category)),
        ["timestamp_ms"] = new RowField(view => FieldValue.Of(view.Metric.TimestampMs)),
        ["span_id"] = new RowField(view => FieldValue.Of(view.SpanId)),
        ["experiment_id"] = OfExperiment(experiment => FieldValue.Of(experiment.Id)),
        ["tags"] = new TagsField(),

        ["name"] = new RowField(view => view.TryGetSpan(out StoredSpan span) ? FieldValue.Of(view.SpanName(in span)) : FieldValue.None),
        ["status"] = new RowField(view => view.TryGetSpan(out StoredSpan span) ? SpanStatusOf(in span) : FieldValue.None),
        ["start_ns"] = new RowField(view => view.TryGetSpan(out StoredSpan span) ? FieldValue.Of(span.StartNs) : FieldValue.None),
        ["duration"] = new RowField(view => view.TryGetSpan(out StoredSpan span) ? FieldValue.Of(span.DurationNs) : FieldValue.None),
        ["trace_id"] = new PathField(PathPlace.Span("trace_id"), PathPlace.Metric("trace_id")),
        ["input"] = new PathField(PathPlace.Span("meta.input")),
        ["output"] = new PathField(PathPlace.Span("meta.output")),
        ["expected_output"] = new PathField(PathPlace.Span("meta.expected_output")),

        ["project_id"] = SpanElse("project_id", experiment => Text(experiment.ProjectId)),
        ["dataset_id"] = SpanElse("dataset_id", experiment => Text(experiment.DatasetId)),
        ["dataset_version"] = OfExperiment(experiment => Number(experiment.DatasetVersion)),
        ["experiment"] = OfExperiment(experiment => Text(experiment.LogicalName)),
        ["experiment.experiment"] = OfExperiment(experiment => Text(experiment.LogicalName)),
        ["experiment.id"] = OfExperiment(experiment => Text(experiment.Id)),
        ["experiment.name"] = OfExperiment(experiment => Text(experiment.Name)),
        ["experiment.project_id"] = OfExperiment(experiment => Text(experiment.ProjectId)),
        ["experiment.dataset_id"] = OfExperiment(experiment => Text(experiment.DatasetId)),
        ["experiment.dataset_version"] = OfExperiment(experiment => Number(experiment.DatasetVersion)),
        ["experiment.description"] = OfExperiment(experiment => Text(experiment.Description)),
        ["experiment.status"] = OfExperiment(experiment => Text(experiment.Status)),
        ["experiment.error"] = OfExperiment(experiment => Text(experiment.Error)),
        ["experiment.run_count"] = OfExperiment(experiment => Number(experiment.RunCount)),
        ["experiment.parent_experiment_id"] = OfExperiment(experiment => Text(experiment.ParentExperimentId)),
        ["experiment.created_at"] = OfExperiment(experiment => Text(ServiceTime.Format(experiment.CreatedAt))),
        ["experiment.updated_at"] = OfExperiment(experiment => Text(ServiceTime.Format(experiment.UpdatedAt))),
    };

    /// <summary>The field of a name in <c>group_by</c> or <c>compute</c>: an attribute, else a tag.</summary>
    /// <param name="name">The name; a leading <c>@</c> changes nothing.</param>
    public static QueryableField Find(string name)
    {
        string plain = name.StartsWith('@') ? name[1..] : name;
        return Known.GetValueOrDefault(plain) ?? new FirstOfField(Attribute(plain), new TagField(plain));
    }

    /// <summary>The field of <c>@name:value</c> in a search.</summary>
    public static QueryableField FindAttribute(string name) => Known.GetValueOrDefault(name) ?? Attribute(name);

    /// <summary>The field of <c>name:value</c> in a search: a field of the API, else a tag, else an attribute.</summary>
    public static QueryableField FindReservedOrTag(string name) =>
        Known.GetValueOrDefault(name) ?? new FirstOfField(new TagField(name), Attribute(name));

    private static QueryableField Attribute(string name)
    {
        if (After(name, "experiment.metadata.") is { } inMetadata)
        {
            return new ExperimentPathField(experiment => experiment.Metadata, new JsonPath(inMetadata));
        }

        if (After(name, "experiment.config.") is { } inConfig)
        {
            return new ExperimentPathField(experiment => experiment.Config, new JsonPath(inConfig));
        }

        if (After(name, "span.") is { } inSpan)
        {
            return new PathField(PathPlace.Span(inSpan));
        }

        if (After(name, "metric.") is { } inMetric)
        {
            return new PathField(PathPlace.Metric(inMetric));
        }

        // The members of a span's meta are known without it too: input.question, metadata.model.
        return new PathField(PathPlace.Metric(name), PathPlace.Span(name), PathPlace.Span("meta." + name));
    }

    private static string? After(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    private static FirstOfField SpanElse(string path, Func<StoredExperiment, FieldValue> read) =>
        new(new PathField(PathPlace.Span(path)), OfExperiment(read));

    private static NumberedField OfExperiment(Func<StoredExperiment, FieldValue> read) => new(view => view.Metric.Experiment, view => read(view.Experiment));

    private static FieldValue SpanStatusOf(in StoredSpan span) => FieldValue.Of(span.IsError ? SpanStatus.Error : SpanStatus.Ok);

    private static FieldValue Text(string? text) => text is null ? FieldValue.None : FieldValue.Of(text);

    private static FieldValue Number(long? number) => number is { } value ? FieldValue.Of(value) : FieldValue.None;
}

/// <summary>A field that is taken from the stored row or the experiment, without reading JSON.</summary>
/// <param name="read">Gets the value; <see cref="FieldValue.None"/> if it is missing.</param>
internal class RowField(Func<EventView, FieldValue> read) : QueryableField
{
    public FieldValue ValueOf(EventView view) => read(view);

    public sealed override void Collect(EventView view, List<FieldValue> values)
    {
        FieldValue value = ValueOf(view);
        if (value.Kind != FieldKind.None)
        {
            values.Add(value);
        }
    }
}

/// <summary>A field whose value is the same for all events with the same number, so that a query finds out about each number once.</summary>
/// <param name="number">Gets the number: of the event's label, of its experiment.</param>
/// <param name="read">Gets the value; <see cref="FieldValue.None"/> if it is missing.</param>
internal sealed class NumberedField(Func<EventView, int> number, Func<EventView, FieldValue> read) : RowField(read)
{
    public int NumberOf(EventView view) => number(view);
}

/// <summary>A field with alternatives: the first that has a value.</summary>
/// <param name="fields">The fields, in the order in which they are tried.</param>
internal sealed class FirstOfField(params QueryableField[] fields) : QueryableField
{
    public override void Collect(EventView view, List<FieldValue> values)
    {
        int before = values.Count;
        foreach (QueryableField field in fields)
        {
            field.Collect(view, values);
            if (values.Count > before)
            {
                return;
            }
        }
    }
}
