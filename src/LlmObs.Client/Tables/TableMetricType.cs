using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>
/// The type of a metric column, one for a whole table: the one that was given, else that of the column's first cell.
/// </summary>
internal sealed class TableMetricType(string label, string? given)
{
    private RowPlace? decidedAt;

    /// <summary>The type; null until a cell shows it.</summary>
    public string? Type { get; private set; } = given;

    /// <summary>Settles the type on the first cell, and holds every further one to it.</summary>
    /// <exception cref="EventRowException">The cell is of another type.</exception>
    public string For(in Cell cell, RowPlace place)
    {
        string seen = MetricWriter.TypeOf(cell);
        if (Type is null)
        {
            if (seen == MetricType.Categorical && HasDecimalComma(cell))
            {
                throw new EventRowException(
                    label,
                    $"has {cell.ToString()}, which would become a category; write numbers with a point, or give -MetricType @{{ '{label}' = 'categorical' }} if text is meant");
            }

            Type = seen;
            decidedAt = place;
        }

        // Any text is a category, "5" and "true" too; everything else must be what it is said to be.
        if (Type != seen && Type != MetricType.Categorical && !(Type == MetricType.Boolean && IsZeroOrOne(cell)))
        {
            string why = decidedAt is RowPlace first ? $"as in {first}" : "as -MetricType says";
            throw new EventRowException(
                label,
                $"is of type {Type} in this table, {why}, and {cell.ToString()} is not; if any text is meant, give -MetricType @{{ '{label}' = 'categorical' }}");
        }

        return Type;
    }

    // Spreadsheets of many countries write 0,9: as a category it would be in no average, and nobody would be told.
    private static bool HasDecimalComma(in Cell cell) =>
        cell.TryGetText(out string text)
        && text.Count(character => character == ',') == 1
        && !text.Contains('.', StringComparison.Ordinal)
        && decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static bool IsZeroOrOne(in Cell cell) => cell.TryGetText(out string text) && text.Trim() is "0" or "1";
}
