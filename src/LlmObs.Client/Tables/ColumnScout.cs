namespace LlmObs.Client.Tables;

/// <summary>Looks at the first rows of a JSON file for the columns that were asked for; nothing of it is taken.</summary>
internal sealed class ColumnScout(IReadOnlyList<string> wanted) : IEventRowSink
{
    private const int MostRows = 100;

    private readonly NamedColumns _named = new(wanted);
    private int _rows;

    /// <exception cref="EventRowException">The file has no more rows than are looked at, and none of them has one of the columns.</exception>
    public void Look(string path, EventFileOptions options)
    {
        // A file of length 0 may be a pipe, which can be read only once.
        if (EventFile.FormatOf(path) is FileFormat.Csv or FileFormat.Tsv || new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            return;
        }

        try
        {
            EventFile.Read(path, options, this);
        }
        catch (Exception e) when (e is EnoughException or EventRowException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return; // what can't be read is said when it is read for good
        }

        if (_rows > 0 && !_named.AllSeen)
        {
            throw _named.Unseen().OfColumns();
        }
    }

    public bool Accept(EventRow row, EventKind? kind)
    {
        _named.Load(row);
        _rows++;
        return _rows < MostRows && !_named.AllSeen ? true : throw new EnoughException();
    }

    public void Reject(RowPlace place, EventRowException problem, string? text)
    {
    }

    public void Ignore(string? source, IReadOnlyList<string> names)
    {
    }

    public void Warn(string warning)
    {
    }

    private sealed class EnoughException : Exception;
}
