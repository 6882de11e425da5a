using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>
/// A result file: JSON Lines whose first line names the experiment. Opening it reads it once, to find the lines that later
/// lines replace; rows are read on demand, and none is kept.
/// </summary>
public sealed class ResultFile : IResultRows
{
    private readonly string _path;
    private readonly HashSet<long> _replaced = [];
    private readonly HashSet<long> _torn = []; // the last lines of parts whose process was killed
    private readonly List<ResultSummary> _summaries = [];
    private readonly List<ResultHeader> _parts = [];
    private ResultHeader? _header;

    private ResultFile(string path) => _path = path;

    /// <summary>The file.</summary>
    public string FilePath => _path;

    /// <summary>The experiment of the rows.</summary>
    public ResultHeader Header => _header!;

    /// <summary>The first lines of all files that were concatenated in this one; the first is <see cref="Header"/>.</summary>
    public IReadOnlyList<ResultHeader> Parts => _parts;

    /// <summary>The end of the run, from the last end line; null if the run was cut off.</summary>
    public ResultEnd? End { get; private set; }

    /// <summary>The number of rows, without replaced ones.</summary>
    public long RowCount { get; private set; }

    /// <summary>The results of the summary evaluators, one for each iteration; the last one counts.</summary>
    public IReadOnlyList<ResultSummary> Summaries => _summaries;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The file, read through once.</returns>
    /// <exception cref="ResultFileException">It is no result file, of a newer version, or one of its lines can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be read.</exception>
    public static ResultFile Open(string path)
    {
        var file = new ResultFile(path);
        file.Scan();
        return file;
    }

    /// <summary>Reads the rows, in the order in which they were finished. Of several for the same record and iteration the last counts.</summary>
    /// <returns>The rows; one is made when it is asked for.</returns>
    /// <exception cref="ResultFileException">A line can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IEnumerable<ResultRow> Rows()
    {
        using var lines = new ResultLines(_path);
        long count = 0;
        while (count < RowCount && lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            if (!_replaced.Contains(lines.Number) && !_torn.Contains(lines.Number) && TryRead(lines, line, ResultLineReader.ReadRow, out ResultRow? row) && row is not null)
            {
                count++;
                yield return row with { Position = lines.Position };
            }
        }
    }

    /// <inheritdoc/>
    public ResultRow ReadRow(long position)
    {
        using ResultLines lines = new(_path, position, size: 4096);
        return lines.TryRead(out ReadOnlyMemory<byte> line) && TryRead(lines, line, ResultLineReader.ReadRow, out ResultRow? row) && row is not null
            ? row with { Position = position }
            : throw new ResultFileException(_path, 0, "was changed while it was read: a row has moved");
    }

    /// <summary>Reads which rows the service has; a run that was killed may have written more.</summary>
    /// <returns>Their records and iterations.</returns>
    /// <exception cref="ResultFileException">A line can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IReadOnlySet<(string RecordId, int RunIteration)> ReadSent()
    {
        var sent = new HashSet<(string RecordId, int RunIteration)>();
        using var lines = new ResultLines(_path);
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            if (_torn.Contains(lines.Number))
            {
                continue;
            }

            if (!TryRead(lines, line, ResultLineReader.ReadKey, out ResultLineKey key))
            {
                break;
            }

            if (key.Type == ResultLineReader.RowType)
            {
                sent.Remove((key.RecordId, key.RunIteration)); // of the row before
            }
            else if (key.Type == ResultLineReader.SentType && TryRead(lines, line, ResultLineReader.ReadSent, out IReadOnlyList<(string RecordId, int RunIteration)>? rows))
            {
                sent.UnionWith(rows!);
            }
        }

        return sent;
    }

    private void Scan()
    {
        var latest = new Dictionary<UInt128, long>();
        using var lines = new ResultLines(_path);
        ResultFileException? unreadable = null; // the line before
        (long Number, long Position) before = default;
        Noted? noted = null;
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            ResultLineKey key = default;
            ResultFileException? problem = null;
            try
            {
                if (!TryRead(lines, line, ResultLineReader.ReadKey, out key))
                {
                    break; // a torn last line
                }
            }
            catch (ResultFileException e) when (_header is not null)
            {
                problem = e;
            }

            // A part's process may have been killed while it wrote its last line.
            if (_header is not null && key.Type == ResultLineReader.RunType && (unreadable is not null || !IsReadable(before.Position)))
            {
                _torn.Add(before.Number);
                noted?.Undo(latest, _replaced);
                unreadable = null;
            }

            if (unreadable is not null)
            {
                throw unreadable;
            }

            before = (lines.Number, lines.Position);
            noted = null;
            unreadable = problem;
            try
            {
                if (problem is null)
                {
                    noted = Take(lines, line, key, latest);
                }
            }
            catch (ResultFileException e) when (e.InnerException is not null)
            {
                unreadable = e;
            }
        }

        if (unreadable is not null)
        {
            throw unreadable;
        }

        if (_header is null)
        {
            throw new ResultFileException(_path, 0, "is not a result file: it is empty");
        }

        RowCount = latest.Count;
    }

    private Noted? Take(ResultLines lines, ReadOnlyMemory<byte> line, in ResultLineKey key, Dictionary<UInt128, long> latest)
    {
        if (_header is null && key.Type != ResultLineReader.RunType)
        {
            throw new ResultFileException(_path, 0, "is not a result file: its first line names no experiment");
        }

        switch (key.Type)
        {
            case ResultLineReader.RunType:
                Begin(lines, line);
                break;
            case ResultLineReader.RowType:
                return Note(latest, key, lines.Number);
            case ResultLineReader.SummaryType when TryRead(lines, line, ResultLineReader.ReadSummary, out ResultSummary? summary):
                _summaries.RemoveAll(other => other.RunIteration == summary!.RunIteration);
                _summaries.Add(summary!);
                break;
            case ResultLineReader.EndType when TryRead(lines, line, ResultLineReader.ReadEnd, out ResultEnd? end):
                End = end;
                break;
        }

        return null;
    }

    // A line is read no further than its key, unless it is asked for.
    private bool IsReadable(long position)
    {
        using ResultLines lines = new(_path, position, size: 4096);
        try
        {
            return lines.TryRead(out ReadOnlyMemory<byte> line) && ResultLineReader.ReadKey(line, isWhole: false).Type.Length > 0;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return false;
        }
    }

    // Files of several machines may be concatenated; they belong to one experiment.
    private void Begin(ResultLines lines, ReadOnlyMemory<byte> line)
    {
        if (!TryRead(lines, line, ResultLineReader.ReadHeader, out ResultHeader? read))
        {
            return;
        }

        if (read!.Version > ResultHeader.CurrentVersion)
        {
            throw new ResultFileException(_path, lines.Number, $"is of version {read.Version}, which a newer module wrote; this one reads up to {ResultHeader.CurrentVersion}");
        }

        if (_header is not null && _header.ExperimentId != read.ExperimentId)
        {
            throw new ResultFileException(_path, lines.Number, $"begins experiment {read.ExperimentId}, but the rows before belong to {_header.ExperimentId}");
        }

        _header ??= read;
        _parts.Add(read);
    }

    // A digest replaces the key: a million ids would take more memory than everything else.
    private Noted Note(Dictionary<UInt128, long> latest, in ResultLineKey key, long line)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key.RunIteration}\n{key.RecordId}"), digest);
        UInt128 short128 = BitConverter.ToUInt128(digest);
        bool isAgain = latest.TryGetValue(short128, out long earlier);
        if (isAgain)
        {
            _replaced.Add(earlier);
        }

        latest[short128] = line;
        return new Noted(short128, isAgain ? earlier : null);
    }

    /// <returns>False for a last line that was cut off while it was written.</returns>
    private bool TryRead<T>(ResultLines lines, ReadOnlyMemory<byte> line, Func<ReadOnlyMemory<byte>, bool, T> read, out T? value)
    {
        try
        {
            value = read(line, lines.IsWhole);
            return true;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            value = default;
            return lines.IsWhole ? throw new ResultFileException(_path, lines.Number, $"can't be read: {ResultJson.Reason(e)}", e) : false;
        }
    }

    private static bool IsUnreadable(Exception e) => e is JsonException or FormatException or InvalidOperationException;

    // A row that has its place, and the one that had it before.
    private readonly record struct Noted(UInt128 Key, long? Earlier)
    {
        public void Undo(Dictionary<UInt128, long> latest, HashSet<long> replaced)
        {
            if (Earlier is long line)
            {
                replaced.Remove(line);
                latest[Key] = line;
            }
            else
            {
                latest.Remove(Key);
            }
        }
    }
}

/// <summary>A result file can't be read.</summary>
/// <param name="path">The file.</param>
/// <param name="line">The line, from 1 on; 0 if the whole file is meant.</param>
/// <param name="reason">The problem, as the end of a sentence.</param>
/// <param name="cause">The exception that caused it.</param>
public sealed class ResultFileException(string path, long line, string reason, Exception? cause = null)
    : Exception(line == 0 ? $"The result file '{path}' {reason}." : $"Line {line} of the result file '{path}' {reason}.", cause)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The line, from 1 on; 0 if the whole file is meant.</summary>
    public long Line => line;
}
