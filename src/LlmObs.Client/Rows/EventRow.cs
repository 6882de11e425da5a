using System.Text;

namespace LlmObs.Client.Rows;

/// <summary>
/// One row of any source: a record of a CSV file, a line of JSON, a PowerShell object. A row is read field by field while
/// it is current; nothing of it may be kept.
/// </summary>
public abstract class EventRow
{
    /// <summary>The row's place, for errors.</summary>
    public abstract RowPlace Place { get; }

    /// <summary>Further members of a span's <c>meta</c> that the row names one by one, as <c>meta.model</c>.</summary>
    public virtual IReadOnlyList<string> MetaMembers => [];

    /// <summary>
    /// The names of all columns, for tables whose columns are no fields of events. Rows with the same columns give the same
    /// list.
    /// </summary>
    public virtual IReadOnlyList<string> Columns => [];

    /// <summary>
    /// True if the row has data that only rows from the service have: a field more than once, like <c>StartNs</c> and
    /// <c>StartTime</c>, the metrics of a span, or fields that can't be sent. <see cref="RoundTripSink"/> makes a plain row of it.
    /// </summary>
    public virtual bool IsReadBack => false;

    /// <summary>The fields that the row gives more than once.</summary>
    public virtual IReadOnlyList<DuplicateColumn> Repeated => [];

    /// <summary>The value of a field.</summary>
    /// <param name="field">Which.</param>
    /// <returns>The value; missing if the row has no such field.</returns>
    public abstract Cell Get(EventField field);

    /// <summary>The other value of a field that is given more than once.</summary>
    /// <param name="index">Its place in <see cref="Repeated"/>.</param>
    /// <returns>The value.</returns>
    public virtual Cell GetRepeated(int index) => Cell.Missing;

    /// <summary>The value of a further member of <c>meta</c>.</summary>
    /// <param name="index">Its place in <see cref="MetaMembers"/>.</param>
    /// <returns>The value.</returns>
    public virtual Cell GetMetaMember(int index) => Cell.Missing;

    /// <summary>The value of a column.</summary>
    /// <param name="index">Its place in <see cref="Columns"/>.</param>
    /// <returns>The value.</returns>
    public virtual Cell GetColumn(int index) => Cell.Missing;

    /// <summary>True if it has columns, but all its cells are blank.</summary>
    internal bool HasNoCell()
    {
        for (int column = 0; column < Columns.Count; column++)
        {
            try
            {
                if (!GetColumn(column).IsBlank)
                {
                    return false;
                }
            }
            catch (EventRowException)
            {
                return false; // it holds something that can't be sent
            }
        }

        return Columns.Count > 0;
    }

    /// <summary>True if all rows of its source have the columns of one header.</summary>
    public virtual bool HasHeader => false;

    /// <summary>A value inside a column: a member, or an item of a list; also of JSON that the column holds as text.</summary>
    /// <param name="index">Its place in <see cref="Columns"/>.</param>
    /// <param name="path">The <see cref="MemberPath"/> from there.</param>
    /// <returns>The value; missing if there is none.</returns>
    public virtual Cell GetMember(int index, string path) => InText(GetColumn(index), path);

    /// <summary>The paths to lists of objects in the row, for errors.</summary>
    /// <returns>The longest list first: its path, the number of objects in it, and a function that tests if the first one has a column.</returns>
    internal virtual IReadOnlyList<(string Path, int Count, Func<string, bool> Has)> Lists() => [];

    /// <summary>The paths to members of a name, for errors.</summary>
    /// <returns>The paths, the shortest first.</returns>
    internal virtual IReadOnlyList<string> PathsTo(string name) => [];

    /// <summary>A value inside JSON text.</summary>
    /// <param name="cell">The text.</param>
    /// <param name="path">The way to it.</param>
    /// <returns>The value; missing if the text is not JSON, or has no such value.</returns>
    protected static Cell InText(Cell cell, string path)
    {
        ReadOnlySpan<byte> json = cell.Kind == CellKind.Utf8 ? cell.Utf8 : cell.TryGetText(out string text) ? Encoding.UTF8.GetBytes(text) : default;
        int at = JsonValidator.Blanks(json, 0);
        if (!JsonValidator.Is(json, at, '{') && !JsonValidator.Is(json, at, '['))
        {
            return Cell.Missing;
        }

        int end = JsonValidator.Value(json, at, depth: 0);
        if (end == JsonValidator.NotFound || JsonValidator.Blanks(json, end) != json.Length)
        {
            if (PythonLiteral.ToJson(json) is not byte[] printed)
            {
                return Cell.Missing;
            }

            json = printed;
            at = 0;
        }

        (int start, int length) = JsonMembers.Find(json, at, path);
        return length == 0 ? Cell.Missing : Cell.OfJson(json.Slice(start, length));
    }

    /// <summary>A problem of the row, with the user's own name for the field if the row knows it.</summary>
    /// <param name="problem">The problem, which names the field of the API.</param>
    /// <returns>The same problem, with the column's name.</returns>
    public virtual EventRowException InOwnWords(EventRowException problem) => problem;

    /// <summary>True if the user declared the text of a field as JSON.</summary>
    /// <param name="field">Which.</param>
    /// <returns>True if the field's column was named as a JSON column.</returns>
    public virtual bool IsJsonColumn(EventField field) => false;
}

/// <summary>A span that was built as such, as a row.</summary>
/// <param name="place">Its place in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class SpanRow(Span span, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(span.SpanId),
        EventField.TraceId => Of(span.TraceId),
        EventField.ProjectId => Of(span.ProjectId),
        EventField.DatasetId => Of(span.DatasetId),
        EventField.Name => Of(span.Name),
        EventField.Start => Of(span.StartNs),
        EventField.Duration => Of(span.DurationNs),
        EventField.Status => Of(span.Status),
        EventField.Input => Of(span.Input),
        EventField.Output => Of(span.Output),
        EventField.ExpectedOutput => Of(span.ExpectedOutput),
        EventField.ErrorMessage => Of(span.ErrorMessage),
        EventField.ErrorType => Of(span.ErrorType),
        EventField.ErrorStack => Of(span.ErrorStack),
        EventField.Tags => span.Tags.Count == 0 ? Cell.Missing : Of(span.Tags),
        _ => Cell.Missing,
    };

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}

/// <summary>A metric that was built as such, as a row.</summary>
/// <param name="place">Its place in its source.</param>
/// <param name="unwrap">Takes the host's wrapping off free-form values.</param>
public sealed class MetricRow(Metric metric, RowPlace place, Func<object?, object?> unwrap) : EventRow
{
    /// <inheritdoc/>
    public override RowPlace Place => place;

    /// <inheritdoc/>
    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Of(metric.SpanId),
        EventField.Label => Of(metric.Label),
        EventField.MetricType => Of(metric.MetricType),
        EventField.Timestamp => Of(metric.TimestampMs),
        EventField.ScoreValue => Of(metric.ScoreValue),
        EventField.CategoricalValue => Of(metric.CategoricalValue),
        EventField.BooleanValue => Of(metric.BooleanValue),
        EventField.JsonValue => Of(metric.JsonValue),
        EventField.Assessment => Of(metric.Assessment),
        EventField.Reasoning => Of(metric.Reasoning),
        EventField.ErrorMessage => Of(metric.ErrorMessage),
        EventField.Metadata => Of(metric.Metadata),
        EventField.Tags => metric.Tags.Count == 0 ? Cell.Missing : Of(metric.Tags),
        _ => Cell.Missing,
    };

    private Cell Of(object? value) => value is null ? Cell.Missing : Cell.Of(unwrap(value), value);
}

/// <summary>New ids in the forms that Datadog's SDKs use.</summary>
public static class EventIds
{
    /// <summary>A span's id.</summary>
    /// <returns>16 hex digits.</returns>
    public static string NewSpanId() => Random.Shared.GetHexString(16, lowercase: true);

    /// <summary>A trace's id.</summary>
    /// <returns>32 hex digits.</returns>
    public static string NewTraceId() => Random.Shared.GetHexString(32, lowercase: true);
}

/// <summary>Reads single values by the same rules as rows, for hosts that build events one by one.</summary>
public static class EventValues
{
    /// <summary>A span's start.</summary>
    /// <param name="value">Nanoseconds since the Unix epoch, ISO 8601 text, or a time.</param>
    /// <returns>Nanoseconds since the Unix epoch.</returns>
    /// <exception cref="EventRowException">It is none of these, or looks like seconds, milliseconds or microseconds.</exception>
    public static long StartNs(object value) => FieldParser.StartNs(Cell.Of(value, value));

    /// <summary>A span's duration.</summary>
    /// <param name="value">Nanoseconds, or a TimeSpan, also as text.</param>
    /// <returns>Nanoseconds.</returns>
    /// <exception cref="EventRowException">It is neither, or negative.</exception>
    public static long DurationNs(object value) => FieldParser.DurationNs(Cell.Of(value, value));

    /// <summary>A metric's time.</summary>
    /// <param name="value">Milliseconds since the Unix epoch, ISO 8601 text, or a time.</param>
    /// <returns>Milliseconds since the Unix epoch.</returns>
    /// <exception cref="EventRowException">It is none of these, or looks like another unit.</exception>
    public static long TimestampMs(object value) => FieldParser.TimestampMs(Cell.Of(value, value));

    /// <summary>A metric's score.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The same.</returns>
    /// <exception cref="EventRowException">JSON has no such number.</exception>
    public static double Score(double value) => FieldParser.Score(Cell.Of(value, value), EventField.ScoreValue);
}
