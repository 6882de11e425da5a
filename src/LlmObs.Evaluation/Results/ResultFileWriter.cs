using System.Buffers;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>
/// Writes a result file, each line with one write: a process that is killed leaves at most one torn line, the last one. May be
/// called by one thread at a time.
/// </summary>
public sealed class ResultFileWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly ResultMembers _members;

    private ResultFileWriter(FileStream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(_line, ResultJson.WriterOptions);
        _members = new ResultMembers(_json);
    }

    /// <summary>Makes a file, instead of one that is there.</summary>
    /// <param name="path">The file; its folder is made if it is not there.</param>
    /// <param name="header">The first line.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public static ResultFileWriter Create(string path, ResultHeader header)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var writer = new ResultFileWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0));
        writer.Write(header);
        return writer;
    }

    /// <summary>Appends to a file. A truncated last line is removed.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public static ResultFileWriter Append(string path)
    {
        (long length, bool hasEnd) = Measure(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        stream.SetLength(length);
        stream.Seek(0, SeekOrigin.End);
        if (!hasEnd)
        {
            Append(stream, "\n"u8);
        }

        return new ResultFileWriter(stream);
    }

    /// <summary>Writes a row.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(ResultRow row)
    {
        Begin(ResultLineReader.RowType);
        _members.Row(row);
        End();
    }

    /// <summary>Writes that the service has the span and all metrics of rows.</summary>
    /// <param name="rows">The rows' records and iterations.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteSent(IReadOnlyList<(string RecordId, int RunIteration)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Begin(ResultLineReader.SentType);
        _json.WriteStartArray("rows");
        foreach ((string record, int iteration) in rows)
        {
            _json.WriteStartArray();
            _json.WriteStringValue(record);
            _json.WriteNumberValue(iteration);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
        End();
    }

    /// <summary>Writes the summary evaluators' results for an iteration.</summary>
    /// <param name="summary">Their results.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(ResultSummary summary)
    {
        Begin(ResultLineReader.SummaryType);
        _members.Text("run_id", summary.RunId);
        _json.WriteNumber("run_iteration", summary.RunIteration);
        _members.Evaluations(summary.Evaluations);
        End();
    }

    /// <summary>Writes how the run ended.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(ResultEnd end)
    {
        Begin(ResultLineReader.EndType);
        _json.WriteString("status", end.Status);
        _members.Text("error", end.Error);
        if (end.IsGivenUp)
        {
            _json.WriteBoolean("given_up", true);
        }

        _members.Time("ended_at", end.EndedAt);
        End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }

    private void Write(ResultHeader header)
    {
        Begin(ResultLineReader.RunType);
        _json.WriteNumber("version", header.Version);
        _json.WriteString("experiment_id", header.ExperimentId);
        _members.Text("name", header.Name);
        _members.Text("experiment", header.LogicalName);
        _members.Text("project_id", header.ProjectId);
        _members.Text("project_name", header.ProjectName);
        _members.Text("dataset_id", header.DatasetId);
        _members.Text("dataset_name", header.DatasetName);
        _members.Whole("dataset_version", header.DatasetVersion);
        _members.Text("parent_experiment_id", header.ParentExperimentId);
        if (header.IsRescored)
        {
            _json.WriteBoolean("rescored", true);
        }

        _members.Text("description", header.Description);
        _members.Raw("config", header.Config);
        _members.Raw("metadata", header.Metadata);
        _json.WriteNumber("run_count", header.RunCount);
        _members.Raw("selection", header.Selection);
        _members.Texts("span_tags", header.SpanTags);
        _members.Text("url", header.Url);
        _members.Time("started_at", header.StartedAt);
        End();
    }

    /// <summary>The end of the last complete line, and true if the file ends there.</summary>
    private static (long Length, bool HasEnd) Measure(string path)
    {
        using var lines = new ResultLines(path);
        long length = 0;
        bool hasEnd = true;
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            if (!lines.IsWhole && !IsJson(line))
            {
                return (lines.Position, true);
            }

            length = lines.Position + line.Length + (lines.IsWhole ? 1 : 0);
            hasEnd = lines.IsWhole;
        }

        return (length, hasEnd);
    }

    private static bool IsJson(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, ResultJson.DocumentOptions);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Begin(string type)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("type", type);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        Append(_stream, _line.WrittenSpan);
    }

    private static void Append(FileStream stream, ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new IOException($"The file is too large for the file system: '{stream.Name}'.", e);
        }
    }
}
