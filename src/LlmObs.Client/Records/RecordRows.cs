using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Records;

/// <summary>Makes records from the rows of files and of the pipeline.</summary>
/// <param name="mapping">Which column becomes what.</param>
/// <param name="jsonColumns">The columns whose text is JSON; case does not matter.</param>
/// <param name="tags">Tags for every record, in addition to its own.</param>
/// <param name="freeForm">Converts the host's values to JSON.</param>
/// <param name="sink">Takes the records.</param>
public sealed class RecordRows(RecordMapping mapping, IReadOnlySet<string> jsonColumns, IReadOnlyList<string> tags, HostObjectJson freeForm, IRecordSink sink) : IEventRowSink
{
    private static readonly string[] ExportColumns = ["id", "input", "expected_output", "metadata"];

    private readonly HashSet<string> _jsonColumns = jsonColumns.Select(ColumnName.Of).ToHashSet(StringComparer.OrdinalIgnoreCase);
    private readonly SeenIds _ids = new(); // of all sources: they fill one dataset
    private NamedColumns _named = new(mapping.Named);
    private RecordColumns? _columns;
    private readonly Dictionary<string, byte[]> _memberNames = []; // as JSON, with the colon
    private bool _isExport; // of the service: a cell that is JSON stands for its value

    /// <summary>Another source begins: its columns are its own.</summary>
    public void Begin()
    {
        _named = new NamedColumns(mapping.Named);
        _columns = null;
    }

    /// <summary>Looks at the first rows of a JSON file, which has no header, so that a misspelt column is noticed before a record is added.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EventRowException">It has few rows, and none of them has one of the columns.</exception>
    public void LookAhead(string path, EventFileOptions options) => new ColumnScout(mapping.Named).Look(path, options);

    /// <summary>The present source has ended.</summary>
    /// <returns>The problem of the whole file, a column that no row had; otherwise null.</returns>
    public EventRowException? End() => _columns is null || _named.AllSeen ? null : _named.Unseen();

    /// <inheritdoc/>
    /// <exception cref="EventRowException">No column could be the input, or one that was named is not there: no row of the file can be read.</exception>
    public void SeeColumns(IReadOnlyList<string> columns)
    {
        try
        {
            _named.LoadHeader(columns);
            _ = WithInput(RecordColumns.Of(_named.Columns, mapping));
        }
        catch (EventRowException problem)
        {
            throw problem.OfColumns();
        }

        // The rows show the file's other columns.
        _columns = null;
        _isExport = mapping is { IsGiven: false, ReadsExports: true } && ExportColumns.All(name => columns.Contains(name));
    }

    /// <inheritdoc/>
    /// <exception cref="EventRowException">The source has no column that could be the input: no row of it can be read.</exception>
    public bool Accept(EventRow row, EventKind? kind)
    {
        ArgumentNullException.ThrowIfNull(row);
        bool isFirst = _columns is null;
        bool any = _named.Load(row);
        if (_named.IsBlank)
        {
            return true; // no row at all, as the empty lines of a sheet
        }

        _isExport &= row.HasHeader;
        row = _named;
        if (_columns is null || (!ReferenceEquals(_columns.Names, row.Columns) && !_columns.Names.SequenceEqual(row.Columns)))
        {
            _columns = RecordColumns.Of(row.Columns, mapping);
            if (_columns.Unknown.Count > 0 && _columns.Input.Count > 0)
            {
                sink.Ignore(row.Place.Source, _columns.Unknown);
            }
        }

        try
        {
            if (!any)
            {
                throw _named.NoneOfThem();
            }

            RecordText record = Read(row, WithInput(_columns));
            _ids.Add(record, row.Place, _columns.Id >= 0 ? _columns.Names[_columns.Id] : string.Empty);
            sink.Take(record, row.Place);
            return true;
        }
        catch (EventRowException problem) when (!isFirst || (any && _columns.Input.Count > 0))
        {
            sink.Reject(row.Place, problem, text: null);
            return false;
        }
    }

    private static RecordColumns WithInput(RecordColumns columns) => columns.Input.Count > 0
        ? columns
        : throw new EventRowException(string.Empty, $"there is no column 'input'; the columns are {ColumnName.Shown(columns.Names)}. Name one with -InputColumn");

    /// <inheritdoc/>
    public void Reject(RowPlace place, EventRowException problem, string? text) => sink.Reject(place, problem, text);

    /// <summary>Nothing: the columns are looked at here.</summary>
    /// <param name="source">The file.</param>
    /// <param name="names">The columns.</param>
    public void Ignore(string? source, IReadOnlyList<string> names)
    {
    }

    /// <inheritdoc/>
    public void Warn(string warning) => sink.Warn(warning);

    private RecordText Read(EventRow row, RecordColumns at)
    {
        using var buffer = new PooledBuffer();
        using var output = new JsonAppender();
        output.Begin(buffer);
        var cells = new CellWriter(output, freeForm);
        if (!Value(cells, row, at.Input, at.Names))
        {
            throw new EventRowException(at.Names[at.Input[0]], "is empty, but a record must have an input");
        }

        int input = output.Length;
        Value(cells, row, at.Expected, at.Names);
        int expected = output.Length;
        if (at.Metadata < 0)
        {
            Members(cells, row, at.MetadataMembers, at.Names);
        }
        else if (row.GetColumn(at.Metadata) is { IsBlank: false } metadata)
        {
            cells.Object(metadata, "metadata");
        }

        ReadOnlyMemory<byte> json = buffer.Written.ToArray();
        return new RecordText(json[..input])
        {
            ExpectedOutput = json[input..expected],
            Metadata = json[expected..],
            Id = at.Id >= 0 ? Text(row.GetColumn(at.Id), at.Names[at.Id]) : null,
            Tags = at.Tags >= 0 ? [.. Tags(cells, row.GetColumn(at.Tags)).Union(tags)] : tags,
        };
    }

    // One column is the value itself; several are an object of theirs.
    private bool Value(CellWriter to, EventRow row, IReadOnlyList<int> places, IReadOnlyList<string> names)
    {
        if (places.Count != 1)
        {
            return Members(to, row, places, names);
        }

        Cell cell = row.GetColumn(places[0]);
        if (_isExport && cell.Kind == CellKind.Utf8 && cell.Utf8.Length > 0)
        {
            return OfExport(to, cell, names[places[0]]);
        }

        if (cell.IsBlank)
        {
            return false;
        }

        FreeForm(to, cell, names[places[0]]);
        return true;
    }

    // An export writes text that looks like JSON as a JSON string, and leaves out only null values.
    private bool OfExport(CellWriter to, in Cell cell, string column)
    {
        try
        {
            JsonText.MustBeJson(cell.Utf8);
            JsonEscapes.RefuseHalfPairs(cell.Utf8, column);
            ReadOnlySpan<byte> json = cell.Utf8.Trim(" \t\r\n"u8);
            if (json.SequenceEqual("null"u8))
            {
                return false;
            }

            to.Json.Raw(json);
        }
        catch (JsonException)
        {
            FreeForm(to, cell, column);
        }

        return true;
    }

    private bool Members(CellWriter to, EventRow row, IReadOnlyList<int> places, IReadOnlyList<string> names)
    {
        char before = '{';
        for (int index = 0; index < places.Count; index++)
        {
            Cell cell = row.GetColumn(places[index]);
            if (!cell.IsBlank)
            {
                to.Json.Byte(before);
                before = ',';
                to.Json.Raw(MemberName(names[places[index]]));
                FreeForm(to, cell, names[places[index]]);
            }
        }

        if (before == '{')
        {
            return false;
        }

        to.Json.Byte('}');
        return true;
    }

    private byte[] MemberName(string name)
    {
        if (!_memberNames.TryGetValue(name, out byte[]? json))
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer, JsonDefaults.WriterOptions))
            {
                writer.WriteStringValue(name);
            }

            _memberNames[name] = json = [.. buffer.WrittenSpan, (byte)':'];
        }

        return json;
    }

    private void FreeForm(CellWriter to, in Cell cell, string column) => to.FreeForm(cell, column, textIsJson: _jsonColumns.Contains(column));

    private static string? Text(in Cell cell, string column)
    {
        if (cell.IsBlank)
        {
            return null;
        }

        return cell.TryGetText(out string text) ? text : throw new EventRowException(column, $"must be text, not {cell.ToString()}");
    }

    // A list, JSON text of one, or names with commas between them, as the tags of events are written.
    private string[] Tags(CellWriter cells, in Cell cell)
    {
        if (cell.IsBlank)
        {
            return [];
        }

        if (cell.TryGetText(out string text) && !text.TrimStart().StartsWith('['))
        {
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        byte[] json = text.Length > 0 ? Encoding.UTF8.GetBytes(text) : cells.ToJson(cell, "tags", _jsonColumns.Contains("tags"));
        return TagList(json) ?? throw new EventRowException("tags", $"must be a list of texts, not {cell.ToString()}");
    }

    private static string[]? TagList(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.EnumerateArray().All(tag => LenientJson.Text(tag) is not null)
                ? [.. document.RootElement.EnumerateArray().Select(tag => LenientJson.Text(tag)!)]
                : null;
        }
        catch (JsonException e)
        {
            throw new EventRowException("tags", $"is not JSON: {JsonText.Reason(e)}");
        }
    }
}

/// <summary>The positions of a record's fields in rows with certain columns.</summary>
internal sealed class RecordColumns
{
    private RecordColumns(IReadOnlyList<string> columns) => Names = columns;

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<int> Input { get; private init; } = [];

    public IReadOnlyList<int> Expected { get; private init; } = [];

    /// <summary>Columns that become members of the metadata.</summary>
    public IReadOnlyList<int> MetadataMembers { get; private init; } = [];

    /// <summary>The column that is the metadata as a whole; -1 for none.</summary>
    public int Metadata { get; private init; } = -1;

    public int Id { get; private init; } = -1;

    public int Tags { get; private init; } = -1;

    /// <summary>Columns that become nothing.</summary>
    public IReadOnlyList<string> Unknown { get; private init; } = [];

    /// <exception cref="EventRowException">The mapping names a column that is not there.</exception>
    public static RecordColumns Of(IReadOnlyList<string> columns, RecordMapping mapping)
    {
        if (!mapping.IsGiven)
        {
            return ByName(columns);
        }

        int Find(string name) => columns.Count(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase)) switch
        {
            0 => throw new EventRowException(string.Empty, $"there is no column '{name}'; the columns are {ColumnName.Shown(columns)}"),
            1 => IndexOf(columns, name),
            int several => throw new EventRowException(string.Empty, $"it has {several} columns '{name}'; rename all but one"),
        };
        return new RecordColumns(columns)
        {
            Input = [.. mapping.InputColumns.Select(Find)],
            Expected = [.. mapping.ExpectedColumns.Select(Find)],
            MetadataMembers = [.. mapping.MetadataColumns.Select(Find)],
            Id = mapping.IdColumn is null ? -1 : Find(mapping.IdColumn),
        };
    }

    private static RecordColumns ByName(IReadOnlyList<string> columns)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var unknown = new List<string>();
        for (int column = 0; column < columns.Count; column++)
        {
            if (FieldNames.OfRecord(columns[column]) is not string field)
            {
                unknown.Add(columns[column]);
            }
            else if (!places.TryAdd(field, column))
            {
                throw new EventRowException(field, $"is given by two columns, '{columns[places[field]]}' and '{columns[column]}'; leave one out");
            }
        }

        int At(string field) => places.GetValueOrDefault(field, -1);
        return new RecordColumns(columns)
        {
            Input = At("input") is >= 0 and int input ? [input] : [],
            Expected = At("expected_output") is >= 0 and int expected ? [expected] : [],
            Metadata = At("metadata"),
            Id = At("id"),
            Tags = At("tags"),
            Unknown = unknown,
        };
    }

    private static int IndexOf(IReadOnlyList<string> columns, string name)
    {
        for (int column = 0; column < columns.Count; column++)
        {
            if (string.Equals(columns[column], name, StringComparison.OrdinalIgnoreCase))
            {
                return column;
            }
        }

        return -1;
    }
}
