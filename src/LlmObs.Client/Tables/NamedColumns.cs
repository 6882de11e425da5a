using System.Globalization;

namespace LlmObs.Client.Tables;

/// <summary>
/// A row of a table with all requested columns: its own, and after them those that lead into a column
/// (<c>outputs.score</c>) or that the row lacks, which are missing there. It knows which of them were ever met.
/// </summary>
/// <param name="wanted">The columns that were asked for.</param>
internal sealed class NamedColumns(IReadOnlyList<string> wanted) : EventRow
{
    private IReadOnlyList<string> _wanted = wanted;
    private IReadOnlyList<string> _beside = []; // taken if they are there

    private readonly HashSet<string> _unseen = new(wanted, StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _known = []; // in the order that they were met
    private readonly List<(int Column, string Path)> _inner = [];
    private int _innerWanted; // of them, that were asked for
    private EventRow _row = null!;
    private IReadOnlyList<string>? _source;
    private IReadOnlyList<string> _columns = [];
    private string? _hint;

    public override RowPlace Place => _row.Place;

    public override IReadOnlyList<string> Columns => _columns;

    public override bool HasHeader => _row.HasHeader;

    /// <summary>True if any requested column was met.</summary>
    public bool AnySeen => _unseen.Count < _wanted.Count || _wanted.Count == 0;

    /// <summary>True if all were.</summary>
    public bool AllSeen => _unseen.Count == 0;

    /// <summary>True if all cells of the row are blank.</summary>
    public bool IsBlank
    {
        get
        {
            for (int index = 0; index < _source!.Count; index++)
            {
                if (IsThere(index, blankIsThere: false))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Makes a row the current one.</summary>
    /// <param name="current">The row, which stays the source's.</param>
    /// <returns>True if it has any of the requested columns.</returns>
    /// <exception cref="EventRowException">It has a header, and that lacks one.</exception>
    public bool Load(EventRow current)
    {
        _row = current;
        if (!ReferenceEquals(_source, current.Columns) && (_source is null || !_source.SequenceEqual(current.Columns)))
        {
            LayOut(current.Columns, current.HasHeader);
        }

        _source = current.Columns;
        if (_wanted.Count == 0)
        {
            return true;
        }

        bool any = _innerWanted < _wanted.Count;
        for (int index = 0; index < _inner.Count; index++)
        {
            if (_inner[index].Column >= 0 && IsThere(_source.Count + index, blankIsThere: true))
            {
                any = true;
                _unseen.Remove(_columns[_source.Count + index]);
            }
        }

        _hint = _unseen.Count > 0 ? _hint ?? Hint(current) : _hint;
        return any;
    }

    public override Cell Get(EventField field) => Cell.Missing;

    public override bool IsJsonColumn(EventField field) => _row.IsJsonColumn(field);

    public override Cell GetColumn(int index) => index < _source!.Count ? _row.GetColumn(index)
        : _inner[index - _source.Count] is (>= 0 and int column, string path) ? _row.GetMember(column, path)
        : Cell.Missing;

    /// <summary>The error of a row that has none of the columns.</summary>
    public EventRowException NoneOfThem() => new(string.Empty,
        $"it has none of the columns {Quoted(_wanted)}; it has {ColumnName.Shown(_row.Columns)}{_hint}{Nearest(_wanted)}");

    /// <summary>The error of a table in which some of the columns were never met.</summary>
    public EventRowException Unseen()
    {
        string names = _unseen.Count == 1 ? $"no column {Quoted(_unseen)}" : $"none of the columns {Quoted(_unseen)}";
        string title = IsTitle(_known) ? "; if that is a title, remove the lines above the header" : string.Empty;
        return new EventRowException(string.Empty, $"it has {names}; its columns are {ColumnName.Shown(_known)}{title}{_hint}{Nearest(_unseen)}");
    }

    private string Nearest(IEnumerable<string> names) =>
        string.Concat(names.Except(_known, StringComparer.OrdinalIgnoreCase).Select(name => NearestWord.Ask(name, _known))) is { Length: > 0 } question ? "." + question.TrimEnd('.') : string.Empty;

    private bool IsThere(int index, bool blankIsThere)
    {
        try
        {
            Cell cell = GetColumn(index);
            return blankIsThere ? cell.Kind != CellKind.Missing : !cell.IsBlank;
        }
        catch (EventRowException)
        {
            return true; // it holds something that can't be sent, which is said where it is sent
        }
    }

    /// <summary>More columns are asked for, since they were met.</summary>
    /// <param name="all">All that are asked for now.</param>
    /// <param name="beside">Those that are used if they exist.</param>
    public void Extend(IReadOnlyList<string> all, IReadOnlyList<string> beside)
    {
        _unseen.UnionWith(all.Except(_wanted, StringComparer.OrdinalIgnoreCase));
        (_wanted, _beside, _source) = (all, beside, null);
    }

    /// <summary>Reads a header, even if no rows follow.</summary>
    /// <exception cref="EventRowException">It lacks a column that was asked for.</exception>
    public void LoadHeader(IReadOnlyList<string> header) => LayOut(header, isHeader: true);

    private void LayOut(IReadOnlyList<string> own, bool isHeader)
    {
        _source = own;
        _inner.Clear();
        _known.AddRange(own.Where(name => _known.Count < 1000 && !_known.Contains(name)));
        var all = own.Select(ColumnName.Of).ToList();
        var names = all.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _innerWanted = 0;
        foreach (string name in _wanted.Concat(_beside))
        {
            if (names.Contains(name))
            {
                _unseen.Remove(name);
                continue;
            }

            (int column, string path) = own.Select((candidate, index) => (Column: index, Candidate: candidate, Path: MemberPath.After(name, candidate)))
                .Where(found => found.Path is { Length: > 0 })
                .OrderByDescending(found => found.Candidate.Length)
                .Select(found => (found.Column, found.Path!))
                .FirstOrDefault((-1, string.Empty));
            bool isWanted = _innerWanted < _wanted.Count && _wanted.Contains(name);
            if (isWanted || column >= 0)
            {
                _innerWanted += isWanted ? 1 : 0;
                _inner.Add((column, path));
                all.Add(name);
                names.Add(name);
            }
        }

        _columns = all;
        if (isHeader && _inner.Any(found => found.Column < 0))
        {
            throw Unseen();
        }
    }

    // The user sees other columns than the ones they named: the first row shows where those may be.
    private string Hint(EventRow current)
    {
        foreach ((string path, int count, Func<string, bool> has) in current.Lists())
        {
            if (_unseen.Any(has))
            {
                return string.Create(CultureInfo.InvariantCulture, $"; {count} rows that have it are at {path}: give -RowPath {path}");
            }
        }

        foreach (string name in _unseen)
        {
            if (current.PathsTo(name) is [string path, ..])
            {
                return $"; there is a member {path}: use it instead of {name}";
            }
        }

        return current.Lists() is [var (longest, items, _), ..]
            ? string.Create(CultureInfo.InvariantCulture, $"; {items} rows are at {longest}: to read them, give -RowPath {longest}")
            : string.Empty;
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    // One name and cells without any are the title that a sheet has above its table.
    private static bool IsTitle(List<string> names) => names.Contains(string.Empty) && names.Count(name => name.Length > 0) == 1;
}
