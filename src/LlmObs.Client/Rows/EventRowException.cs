namespace LlmObs.Client.Rows;

/// <summary>A row that can't be sent.</summary>
/// <param name="field">The field, as the API calls it; empty where the row as a whole is meant.</param>
/// <param name="reason">What is wrong with it, as the end of a sentence that begins with the field.</param>
public sealed class EventRowException(string field, string reason) : Exception(field.Length == 0 ? reason : $"{field} {reason}")
{
    /// <summary>The field, as the API calls it; empty where the row as a whole is meant.</summary>
    public string Field { get; } = field;

    /// <summary>Whether every row of this kind lacks the field, and nothing was said to stand in for it.</summary>
    public bool IsMissingSetting { get; init; }

    /// <summary>Whether the columns of the file as a whole are meant, so that no row of it can be taken.</summary>
    public bool IsOfColumns { get; init; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;

    /// <summary>The same, said of all columns.</summary>
    internal EventRowException OfColumns() => new(Field, Reason) { IsOfColumns = true };

    /// <summary>The same, said of a column that holds the field.</summary>
    internal EventRowException OfColumn(string column, int length) =>
        new(column + Field[length..], Reason) { IsMissingSetting = IsMissingSetting, IsOfColumns = IsOfColumns };

    /// <summary>Whether it is of a field, or of something in it.</summary>
    internal bool IsOf(string name) =>
        Field.StartsWith(name, StringComparison.Ordinal) && (Field.Length == name.Length || Field[name.Length] is '.' or '[');

    internal static EventRowException For(EventField field, string reason) => new(FieldNames.ApiName(field), reason);
}
