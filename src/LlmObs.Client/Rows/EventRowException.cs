using System.Globalization;

namespace LlmObs.Client.Rows;

/// <summary>A row that can't be sent.</summary>
/// <param name="field">The field, as the API calls it; empty if the row as a whole is meant.</param>
/// <param name="reason">The problem, as the end of a sentence that begins with the field.</param>
public sealed class EventRowException(string field, string reason) : Exception(field.Length == 0 ? reason : $"{field} {reason}")
{
    /// <summary>The field, as the API calls it; empty if the row as a whole is meant.</summary>
    public string Field { get; } = field;

    /// <summary>True if every row of this kind lacks the field, and there is no default for it.</summary>
    public bool IsMissingSetting { get; init; }

    /// <summary>True if the columns of the file as a whole are meant, so that no row of it can be taken.</summary>
    public bool IsOfColumns { get; init; }

    /// <summary>The problem.</summary>
    public string Reason { get; } = reason;

    /// <summary>The same problem, for all columns.</summary>
    internal EventRowException OfColumns() => new(Field, Reason) { IsOfColumns = true };

    /// <summary>The same problem, for a column that holds the field.</summary>
    internal EventRowException OfColumn(string column, int length) =>
        new(column + Field[length..], Reason) { IsMissingSetting = IsMissingSetting, IsOfColumns = IsOfColumns };

    /// <summary>True if it is of a field, or of something in it.</summary>
    internal bool IsOf(string name) =>
        Field.StartsWith(name, StringComparison.Ordinal) && (Field.Length == name.Length || Field[name.Length] is '.' or '[');

    internal static EventRowException For(EventField field, string reason) => new(FieldNames.ApiName(field), reason);
}

/// <summary>The place of a row in its source.</summary>
/// <param name="Source">The file's name; null for the pipeline.</param>
/// <param name="Row">The row, from 1; a header is no row.</param>
/// <param name="Line">The line of the file where the row begins, from 1; 0 if it is unknown or the same as the row.</param>
/// <param name="Metric">Which metric of the span in that row, from 1; 0 for the row itself.</param>
public readonly record struct RowPlace(string? Source, long Row, long Line = 0, int Metric = 0)
{
    /// <summary>The place in words.</summary>
    /// <returns>For example <c>row 12</c>, <c>spans.csv row 12 (line 14)</c>, or <c>row 12, metric 2</c>.</returns>
    public override string ToString()
    {
        string source = Source is null ? string.Empty : Source + " ";
        string line = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $" (line {Line})") : string.Empty;
        string metric = Metric > 0 ? string.Create(CultureInfo.InvariantCulture, $", metric {Metric}") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{source}row {Row}{line}{metric}");
    }
}
