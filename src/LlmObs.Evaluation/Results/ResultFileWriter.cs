using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>
/// Writes a result file, each line with one write: a process that is killed leaves at most one torn line, the last one. May be
/// called by one thread at a time.
/// </summary>
public sealed class ResultFileWriter : IDisposable
{
    private readonly FileStream stream;
    private readonly ArrayBufferWriter<byte> line = new(4096);
    private readonly Utf8JsonWriter json;

    private ResultFileWriter(FileStream stream)
    {
        this.stream = stream;
        json = new Utf8JsonWriter(line, ResultJson.WriterOptions);
    }

    /// <summary>Makes a file, in the place of one that is there.</summary>
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

    /// <summary>Writes on behind what a file has. A last line that was cut off is taken away.</summary>
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
            stream.WriteByte((byte)'\n');
        }

        return new ResultFileWriter(stream);
    }

    /// <summary>Writes a row.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(ResultRow row)
    {
        Begin(ResultLineReader.RowType);
        json.WriteString("record_id", row.RecordId);
        Text("run_id", row.RunId);
        json.WriteNumber("run_iteration", row.RunIteration);
        Text("span_id", row.SpanId);
        Text("trace_id", row.TraceId);
        Whole("start_ns", row.StartNs);
        Whole("duration", row.DurationNs);
        Raw("input", row.Input);
        Raw("expected_output", row.ExpectedOutput);
        Raw("output", row.Output);
        Raw("metadata", row.Metadata);
        Texts("tags", row.Tags);
        json.WriteString("status", row.Status);
        Error(row.Error);
        Whole("input_tokens", row.InputTokenCount);
        Whole("output_tokens", row.OutputTokenCount);
        if (row.CostUsd is decimal cost)
        {
            json.WriteNumber("cost_usd", cost);
        }

        json.WriteBoolean("from_cache", row.FromCache);
        Evaluations(row.Evaluations);
        End();
    }

    /// <summary>Writes that the service has the span and all metrics of rows.</summary>
    /// <param name="rows">The rows' records and iterations.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void WriteSent(IReadOnlyList<(string RecordId, int RunIteration)> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Begin(ResultLineReader.SentType);
        json.WriteStartArray("rows");
        foreach ((string record, int iteration) in rows)
        {
            json.WriteStartArray();
            json.WriteStringValue(record);
            json.WriteNumberValue(iteration);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        End();
    }

    /// <summary>Writes what the summary evaluators found of an iteration.</summary>
    /// <param name="summary">What they found.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(ResultSummary summary)
    {
        Begin(ResultLineReader.SummaryType);
        Text("run_id", summary.RunId);
        json.WriteNumber("run_iteration", summary.RunIteration);
        Evaluations(summary.Evaluations);
        End();
    }

    /// <summary>Writes how the run ended.</summary>
    /// <param name="end">How.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(ResultEnd end)
    {
        Begin(ResultLineReader.EndType);
        json.WriteString("status", end.Status);
        Text("error", end.Error);
        Time("ended_at", end.EndedAt);
        End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        json.Dispose();
        stream.Dispose();
    }

    private void Write(ResultHeader header)
    {
        Begin(ResultLineReader.RunType);
        json.WriteNumber("version", header.Version);
        json.WriteString("experiment_id", header.ExperimentId);
        Text("name", header.Name);
        Text("experiment", header.LogicalName);
        Text("project_id", header.ProjectId);
        Text("project_name", header.ProjectName);
        Text("dataset_id", header.DatasetId);
        Text("dataset_name", header.DatasetName);
        Whole("dataset_version", header.DatasetVersion);
        Text("description", header.Description);
        Raw("config", header.Config);
        Raw("metadata", header.Metadata);
        json.WriteNumber("run_count", header.RunCount);
        Raw("selection", header.Selection);
        Texts("span_tags", header.SpanTags);
        Text("url", header.Url);
        Time("started_at", header.StartedAt);
        End();
    }

    /// <summary>Where the last line ends that was written whole, and whether it has an end.</summary>
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
        line.ResetWrittenCount();
        json.Reset(line);
        json.WriteStartObject();
        json.WriteString("type", type);
    }

    private void End()
    {
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        stream.Write(line.WrittenSpan);
    }

    private void Evaluations(IReadOnlyList<ResultEvaluation> evaluations)
    {
        json.WriteStartObject("evaluations");
        foreach (ResultEvaluation evaluation in evaluations)
        {
            json.WriteStartObject(evaluation.Label);
            Text("metric_type", evaluation.MetricType);
            Raw("value", evaluation.Value);
            Text("assessment", evaluation.Assessment);
            Text("reasoning", evaluation.Reasoning);
            Error(evaluation.Error);
            Raw("metadata", evaluation.Metadata);
            Texts("tags", evaluation.Tags);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void Error(RowError? error)
    {
        if (error is not null)
        {
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            Text("type", error.Type);
            Text("stack", error.Stack);
            json.WriteEndObject();
        }
    }

    private void Texts(string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            json.WriteStartArray(name);
            foreach (string text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }
    }

    private void Text(string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private void Whole(string name, long? number)
    {
        if (number is long given)
        {
            json.WriteNumber(name, given);
        }
    }

    private void Time(string name, DateTimeOffset? time)
    {
        if (time is DateTimeOffset given)
        {
            json.WriteString(name, given.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        }
    }

    private void Raw(string name, RawJson value)
    {
        if (!value.IsMissing)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
        }
    }
}
