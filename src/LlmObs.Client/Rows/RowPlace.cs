using System.Globalization;

namespace LlmObs.Client.Rows;

/// <summary>Where a row stands in its source.</summary>
/// <param name="Source">The file's name; null for the pipeline.</param>
/// <param name="Row">The row, from 1; a header is no row.</param>
/// <param name="Line">The line of the file where the row begins, from 1; 0 where it is unknown or the same as the row.</param>
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
