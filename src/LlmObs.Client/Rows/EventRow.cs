using System.Text;

namespace LlmObs.Client.Rows;

/// <summary>
/// One row of any source: a record of a CSV file, a line of JSON, a PowerShell object. A row is read field by field while
/// it is current; nothing of it may be kept.
/// </summary>
public abstract class EventRow
{
    /// <summary>Where the row stands, for errors.</summary>
    public abstract RowPlace Place { get; }

    /// <summary>Further members of a span's <c>meta</c> that the row names one by one, as <c>meta.model</c>.</summary>
    public virtual IReadOnlyList<string> MetaMembers => [];

    /// <summary>
    /// The names of all columns, for tables whose columns are no fields of events. Rows with the same columns give the same
    /// list.
    /// </summary>
    public virtual IReadOnlyList<string> Columns => [];

    /// <summary>
    /// Whether the row has what only rows have that were read back: a field more than once, as <c>StartNs</c> and
    /// <c>StartTime</c>, the metrics of a span, or fields that can't be sent. <see cref="RoundTripSink"/> makes a plain row of it.
    /// </summary>
    public virtual bool IsReadBack => false;

    /// <summary>The fields that the row gives more than once.</summary>
    public virtual IReadOnlyList<DuplicateColumn> Repeated => [];

    /// <summary>The value of a field.</summary>
    /// <param name="field">Which.</param>
    /// <returns>The value; missing where the row has no such field.</returns>
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

    /// <summary>Whether it has columns, and no cell of them says anything.</summary>
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

    /// <summary>Whether all rows of its source have the same columns, those of a header.</summary>
    public virtual bool HasHeader => false;

    /// <summary>What lies inside of a column: a member, or an item of a list; also of JSON that the column holds as text.</summary>
    /// <param name="index">Its place in <see cref="Columns"/>.</param>
    /// <param name="path">The <see cref="MemberPath"/> from there.</param>
    /// <returns>The value; missing where there is none.</returns>
    public virtual Cell GetMember(int index, string path) => InText(GetColumn(index), path);

    /// <summary>The paths to lists of objects in the row, for errors.</summary>
    /// <returns>The longest list first: its path, how many objects are in it, and whether the first one has a column.</returns>
    internal virtual IReadOnlyList<(string Path, int Count, Func<string, bool> Has)> Lists() => [];

    /// <summary>The paths to members of a name, for errors.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The paths, the shortest first.</returns>
    internal virtual IReadOnlyList<string> PathsTo(string name) => [];

    /// <summary>What lies inside of JSON that is text.</summary>
    /// <param name="cell">The text.</param>
    /// <param name="path">The way to it.</param>
    /// <returns>The value; missing where the text is no JSON, or has none there.</returns>
    protected static Cell InText(Cell cell, string path)
    {
        ReadOnlySpan<byte> json = cell.Kind == CellKind.Utf8 ? cell.Utf8 : cell.TryGetText(out string text) ? Encoding.UTF8.GetBytes(text) : default;
        int at = JsonValidator.Blanks(json, 0);
        if (!JsonValidator.Is(json, at, '{') && !JsonValidator.Is(json, at, '['))
        {
            return Cell.Missing;
        }

        int end = JsonValidator.Value(json, at, depth: 0);
        if (end == JsonValidator.No || JsonValidator.Blanks(json, end) != json.Length)
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

    /// <summary>A problem of the row, with the user's own name for the field where the row knows it.</summary>
    /// <param name="problem">The problem, which names the field of the API.</param>
    /// <returns>The same, said of the column.</returns>
    public virtual EventRowException InOwnWords(EventRowException problem) => problem;

    /// <summary>Whether the text of a field is JSON because the user said so.</summary>
    /// <param name="field">Which.</param>
    /// <returns>True where the field's column was named as a JSON column.</returns>
    public virtual bool IsJsonColumn(EventField field) => false;
}
