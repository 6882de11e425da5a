using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>
/// The type of a metric column, one for a whole call: the given one, or that of most of its first cells, which
/// are held back until there are enough of them.
/// </summary>
internal sealed class TableMetricType(string label, string? given, CultureInfo? culture)
{
    private const int EnoughCells = 256;

    private readonly List<HeldCell> _held = [];
    private readonly List<HeldCell> _errors = [];
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);
    private RowPlace? _decidedAt;

    /// <summary>The metric's label.</summary>
    public string Label => label;

    /// <summary>The type; null until it is decided.</summary>
    public string? Type { get; private set; } = given;

    /// <summary>True if categories were requested, so that any text is one.</summary>
    public bool IsAnyText { get; } = given == MetricType.Categorical;

    /// <summary>True if cells must still be held back.</summary>
    public bool IsOpen => Type is null;

    /// <summary>The number of cells with a value, sent or not.</summary>
    public long ValueCount { get; private set; }

    /// <summary>The number of cells without one.</summary>
    public long BlankCount { get; private set; }

    /// <summary>The number of those that have the reason why instead.</summary>
    public long ErrorCount { get; private set; }

    /// <summary>The words for "no value" that were met, with how often.</summary>
    public IReadOnlyDictionary<string, long> Missing => _missing;

    public void CountMissing(string word)
    {
        if (word.Length == 0)
        {
            BlankCount++;
        }
        else
        {
            _missing[word] = _missing.GetValueOrDefault(word) + 1;
        }
    }

    public void CountValue() => ValueCount++;

    /// <summary>A cell as the column means it: a number in text of the culture that was given as a number.</summary>
    /// <exception cref="EventRowException">It can't be the value of a metric, or is a number with unknown signs.</exception>
    public Cell Read(in Cell cell, out string seen)
    {
        seen = IsAnyText ? MetricType.Categorical : MetricWriter.TypeOf(cell, label);
        if (seen == MetricType.Categorical && !IsAnyText && cell.TryGetText(out string text))
        {
            if (culture is not null && WrittenNumber.TryRead(text, culture, out double number))
            {
                seen = MetricType.Score;
                return Cell.Of(number, null);
            }

            if (culture is not null && WrittenWords.TryReadBoolean(text, culture, out bool flag))
            {
                seen = MetricType.Boolean;
                return Cell.Of(flag, null);
            }

            if (WrittenNumber.IsDecorated(text))
            {
                throw new EventRowException(
                    label,
                    $"has {cell.ToString()}, which would become a category; write numbers with a decimal point and no other separators, give -Culture for other decimal, thousands, currency and percent signs, or -MetricType @{{ '{label}' = 'categorical' }} for text");
            }
        }
        else if (seen == MetricType.Score && culture is not null && cell.Kind is CellKind.Utf8 or CellKind.Text or CellKind.Json
            && cell.TryGetText(out string written) && !(cell.Kind == CellKind.Json && cell.Utf8[0] != '"'))
        {
            // "1.234" is 1234 in German: text is parsed only in the culture's way.
            return WrittenNumber.TryRead(written, culture, out double number)
                ? Cell.Of(number, null)
                : throw new EventRowException(label, $"is {cell.ToString()}, which is not a number in the culture '{culture.Name}'");
        }

        return cell;
    }

    /// <summary>Keeps a cell until the type is decided.</summary>
    /// <returns>True if there are enough now.</returns>
    public bool Hold(in Cell cell, string seen, ListedMetric? listed, RowPlace place, string spanId)
    {
        _held.Add(new HeldCell(cell.Keep(), seen, IsZeroOrOne(cell), listed, place, spanId));
        return _held.Count >= EnoughCells;
    }

    /// <summary>Keeps a metric with an error instead of a value until the type is decided, which it has no say in.</summary>
    public void HoldError(ListedMetric failed, RowPlace place, string spanId)
    {
        ErrorCount++;
        _errors.Add(new HeldCell(Cell.Missing.Keep(), string.Empty, isZeroOrOne: false, failed, place, spanId));
    }

    /// <summary>The held errors; none the next time.</summary>
    public IReadOnlyList<HeldCell> TakeErrors()
    {
        HeldCell[] errors = [.. _errors];
        _errors.Clear();
        return errors;
    }

    /// <summary>Decides the type of the held cells, and returns them.</summary>
    public IReadOnlyList<HeldCell> Decide()
    {
        HeldCell[] cells = [.. _held];
        _held.Clear();
        if (Type is null && cells.Length > 0)
        {
            // Rows of true, false, 0 and 1 are true and false; else most cells decide, and a number in doubt.
            string[] order = [MetricType.Score, MetricType.Boolean, MetricType.Categorical, MetricType.Json];
            bool areFlags = cells.All(cell => cell.Seen == MetricType.Boolean || cell.IsZeroOrOne) && cells.Any(cell => cell.Seen == MetricType.Boolean);
            Type = areFlags ? MetricType.Boolean : order.MaxBy(type => cells.Count(cell => cell.Seen == type));
            _decidedAt = Array.Find(cells, cell => cell.Seen == Type)?.Place ?? cells[0].Place;
        }

        return cells;
    }

    /// <summary>Checks a cell against the type.</summary>
    /// <exception cref="EventRowException">The cell is of another type.</exception>
    public string Check(in Cell cell, string seen)
    {
        if (Type != seen && !(Type == MetricType.Boolean && IsZeroOrOne(cell)))
        {
            string why = _decidedAt is RowPlace first ? $"as in {first}" : "as -MetricType says";
            throw new EventRowException(
                label,
                $"is of type {Type} in this call, {why}, and {cell.ToString()} is not; if any text is meant, give -MetricType @{{ '{label}' = 'categorical' }}, and if it means no value, -MissingValue");
        }

        return Type!;
    }

    private static bool IsZeroOrOne(in Cell cell) => cell.TryGetText(out string text) && text.Trim() is "0" or "1";
}

/// <summary>One metric of a table's row.</summary>
internal sealed class TableMetricRow : EventRow
{
    private KeptCell? _kept;
    private EventRow? _row;
    private ListedMetric? _listed;
    private int _column;
    private string _label = string.Empty;
    private RowPlace _place;
    private string _type = string.Empty;
    private string _spanId = string.Empty;

    public override RowPlace Place => _place;

    /// <summary>Makes the cell of the present row current, as it is.</summary>
    public void Load(EventRow source, int at, string name, string metricType, string span) =>
        (_row, _kept, _listed, _column, _label, _place, _type, _spanId) = (source, null, null, at, name, source.Place, metricType, span);

    /// <summary>Makes a cell current that is another than the row's, or outlived it.</summary>
    public void Load(KeptCell cell, string name, ListedMetric? inList, RowPlace at, string metricType, string span) =>
        (_row, _kept, _listed, _column, _label, _place, _type, _spanId) = (null, cell, inList, -1, name, at, metricType, span);

    public override Cell Get(EventField field) => field switch
    {
        EventField.SpanId => Cell.Of(_spanId, _spanId),
        EventField.Label => Cell.Of(_label, _label),
        EventField.MetricType => Cell.Of(_type, _type),
        EventField.Value => _kept is null ? _row!.GetColumn(_column) : Cell.Of(_kept),
        EventField.Assessment => Json(_listed?.Assessment),
        EventField.Reasoning => Json(_listed?.Reasoning),
        EventField.Error => Json(_listed?.Error),
        _ => Cell.Missing,
    };

    public override EventRowException InOwnWords(EventRowException problem)
    {
        string value = FieldNames.ApiName(EventField.Value);
        return problem.IsOf(value) ? problem.OfColumn(_label, value.Length) : problem;
    }

    private static Cell Json(ReadOnlyMemory<byte>? json) => json is { IsEmpty: false } some ? Cell.OfJson(some.Span) : Cell.Missing;
}
