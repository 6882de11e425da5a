using System.Globalization;
using System.Text.Json;

namespace LlmObs.Evaluation.Results;

/// <summary>Reads one line. Members that this version does not know are passed over.</summary>
internal static class ResultLineReader
{
    public const string RunType = "run";
    public const string RowType = "row";
    public const string SummaryType = "summary";
    public const string EndType = "end";
    public const string SentType = "sent";

    /// <summary>Reads what a line is; of a whole one no more than that takes.</summary>
    public static ResultLineKey ReadKey(ReadOnlyMemory<byte> line, bool isWhole)
    {
        Utf8JsonReader json = Begin(line);
        string? type = null;
        string? record = null;
        int? iteration = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                type = Text(ref json);
            }
            else if (json.ValueTextEquals("record_id"u8))
            {
                record = Text(ref json);
            }
            else if (json.ValueTextEquals("run_iteration"u8))
            {
                iteration = Iteration(ref json);
            }
            else
            {
                Skip(ref json);
            }

            if (isWhole && type is not null && (type != RowType || (record is not null && iteration is not null)))
            {
                break;
            }
        }

        if (type == RowType && record is null)
        {
            throw new FormatException("it is a row without a record_id");
        }

        // What follows the object would be a second one.
        if (!isWhole && (json.TokenType != JsonTokenType.EndObject || json.Read()))
        {
            throw new FormatException("it has no end");
        }

        return new ResultLineKey(type ?? string.Empty, record ?? string.Empty, iteration ?? 1);
    }

    public static ResultHeader ReadHeader(ReadOnlyMemory<byte> line, bool isWhole)
    {
        using JsonDocument document = JsonDocument.Parse(line, ResultJson.DocumentOptions);
        JsonElement root = document.RootElement;
        return new ResultHeader
        {
            Version = (int)(Whole(root, "version") ?? 1),
            ExperimentId = Text(root, "experiment_id") ?? throw new FormatException("it has no experiment_id"),
            Name = Text(root, "name"),
            LogicalName = Text(root, "experiment"),
            ProjectId = Text(root, "project_id"),
            ProjectName = Text(root, "project_name"),
            DatasetId = Text(root, "dataset_id"),
            DatasetName = Text(root, "dataset_name"),
            DatasetVersion = Whole(root, "dataset_version"),
            ParentExperimentId = Text(root, "parent_experiment_id"),
            IsRescored = root.TryGetProperty("rescored", out JsonElement rescored) && rescored.ValueKind == JsonValueKind.True,
            Description = Text(root, "description"),
            Config = Raw(root, "config"),
            Metadata = Raw(root, "metadata"),
            RunCount = (int)(Whole(root, "run_count") ?? 1),
            Selection = Raw(root, "selection"),
            SpanTags = root.TryGetProperty("span_tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array ? [.. tags.EnumerateArray().Select(tag => tag.GetString()!)] : [],
            Url = Text(root, "url"),
            StartedAt = Time(root, "started_at"),
        };
    }

    public static IReadOnlyList<(string RecordId, int RunIteration)> ReadSent(ReadOnlyMemory<byte> line, bool isWhole)
    {
        using JsonDocument document = JsonDocument.Parse(line, ResultJson.DocumentOptions);
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(row => (row[0].GetString()!, row[1].GetInt32()))];
    }

    public static ResultEnd ReadEnd(ReadOnlyMemory<byte> line, bool isWhole)
    {
        using JsonDocument document = JsonDocument.Parse(line, ResultJson.DocumentOptions);
        JsonElement root = document.RootElement;
        return new ResultEnd
        {
            Status = Text(root, "status") ?? throw new FormatException("it is an end without a status"),
            Error = Text(root, "error"),
            IsGivenUp = root.TryGetProperty("given_up", out JsonElement givenUp) && givenUp.ValueKind == JsonValueKind.True,
            EndedAt = Time(root, "ended_at"),
        };
    }

    public static ResultSummary ReadSummary(ReadOnlyMemory<byte> line, bool isWhole)
    {
        byte[] own = line.ToArray();
        Utf8JsonReader json = Begin(own);
        string? run = null;
        int iteration = 1;
        List<ResultEvaluation> evaluations = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("run_id"u8))
            {
                run = Text(ref json);
            }
            else if (json.ValueTextEquals("run_iteration"u8))
            {
                iteration = Iteration(ref json);
            }
            else if (json.ValueTextEquals("evaluations"u8))
            {
                evaluations = Evaluations(ref json, own);
            }
            else
            {
                Skip(ref json);
            }
        }

        return new ResultSummary { RunId = run, RunIteration = iteration, Evaluations = evaluations };
    }

    /// <returns>The row; null if the line is something else.</returns>
    public static ResultRow? ReadRow(ReadOnlyMemory<byte> line, bool isWhole)
    {
        if (ReadKey(line, isWhole).Type != RowType)
        {
            return null;
        }

        byte[] own = line.ToArray(); // the row's values are parts of it
        Utf8JsonReader json = Begin(own);
        var row = new ResultRow { RecordId = string.Empty };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            row = Read(ref json, own, row);
        }

        return json.TokenType == JsonTokenType.EndObject ? row : throw new FormatException("it has no end");
    }

    private static ResultRow Read(ref Utf8JsonReader json, byte[] line, ResultRow row)
    {
        string? name = json.GetString();
        switch (name)
        {
            case "record_id": return row with { RecordId = Text(ref json) ?? string.Empty };
            case "run_id": return row with { RunId = Text(ref json) };
            case "run_iteration": return row with { RunIteration = Iteration(ref json) };
            case "span_id": return row with { SpanId = Text(ref json) };
            case "trace_id": return row with { TraceId = Text(ref json) };
            case "span_name": return row with { SpanName = Text(ref json) };
            case "parent_experiment_span_id": return row with { ParentSpanId = Text(ref json) };
            case "start_ns": return row with { StartNs = Whole(ref json) };
            case "duration": return row with { DurationNs = Whole(ref json) };
            case "input": return row with { Input = Raw(ref json, line) };
            case "expected_output": return row with { ExpectedOutput = Raw(ref json, line) };
            case "output": return row with { Output = Raw(ref json, line) };
            case "metadata": return row with { Metadata = Raw(ref json, line) };
            case "tags": return row with { Tags = Texts(ref json) };
            case "status": return row with { Status = Text(ref json) ?? SpanStatus.Ok };
            case "error": return row with { Error = Error(ref json) };
            case "input_tokens": return row with { InputTokenCount = Whole(ref json) };
            case "output_tokens": return row with { OutputTokenCount = Whole(ref json) };
            case "cost_usd": json.Read(); return row with { CostUsd = json.TokenType == JsonTokenType.Null ? null : json.GetDecimal() };
            case "from_cache": json.Read(); return row with { FromCache = json.GetBoolean() };
            case "evaluations": return row with { Evaluations = Evaluations(ref json, line) };
            default: Skip(ref json); return row;
        }
    }

    private static List<ResultEvaluation> Evaluations(ref Utf8JsonReader json, byte[] line)
    {
        List<ResultEvaluation> found = [];
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return found;
        }

        Require(json, JsonTokenType.StartObject, "evaluations");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            found.Add(Evaluation(ref json, line));
        }

        return found;
    }

    private static ResultEvaluation Evaluation(ref Utf8JsonReader json, byte[] line)
    {
        var evaluation = new ResultEvaluation { Label = json.GetString()! };
        json.Read();
        Require(json, JsonTokenType.StartObject, evaluation.Label);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string? name = json.GetString();
            switch (name)
            {
                case "evaluator": evaluation = evaluation with { Evaluator = Text(ref json) }; break;
                case "metric_type": evaluation = evaluation with { MetricType = Text(ref json) }; break;
                case "value": evaluation = evaluation with { Value = Raw(ref json, line) }; break;
                case "assessment": evaluation = evaluation with { Assessment = Text(ref json) }; break;
                case "reasoning": evaluation = evaluation with { Reasoning = Text(ref json) }; break;
                case "error": evaluation = evaluation with { Error = Error(ref json) }; break;
                case "metadata": evaluation = evaluation with { Metadata = Raw(ref json, line) }; break;
                case "tags": evaluation = evaluation with { Tags = Texts(ref json) }; break;
                default: Skip(ref json); break;
            }
        }

        return evaluation;
    }

    private static RowError? Error(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Require(json, JsonTokenType.StartObject, "error");
        var error = new RowError(string.Empty);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string? name = json.GetString();
            switch (name)
            {
                case "message": error = error with { Message = Text(ref json) ?? string.Empty }; break;
                case "type": error = error with { Type = Text(ref json) }; break;
                case "stack": error = error with { Stack = Text(ref json) }; break;
                default: Skip(ref json); break;
            }
        }

        return error;
    }

    private static Utf8JsonReader Begin(ReadOnlyMemory<byte> line)
    {
        var json = new Utf8JsonReader(line.Span, ResultJson.ReaderOptions);
        json.Read();
        Require(json, JsonTokenType.StartObject, "the line");
        return json;
    }

    private static void Require(in Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (json.TokenType != type)
        {
            throw new FormatException($"{what} is no JSON object");
        }
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString();
    }

    private static long? Whole(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? null : json.GetInt64();
    }

    private static int Iteration(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt32();
    }

    private static List<string> Texts(ref Utf8JsonReader json)
    {
        List<string> texts = [];
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return texts;
        }

        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("tags are no list");
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(json.GetString() ?? string.Empty);
        }

        return texts;
    }

    private static RawJson Raw(ref Utf8JsonReader json, byte[] line)
    {
        json.Read();
        int begin = (int)json.TokenStartIndex;
        json.Skip();
        return new RawJson(line.AsMemory(begin, (int)json.BytesConsumed - begin));
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Whole(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static RawJson Raw(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? RawJson.Of(value.GetRawText()) : default;

    private static DateTimeOffset? Time(JsonElement root, string name) =>
        Text(root, name) is string text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
}

/// <summary>The type of a line, and the row it belongs to.</summary>
/// <param name="Type">The kind of line; empty if it has none.</param>
/// <param name="RecordId">The record of a row.</param>
/// <param name="RunIteration">The iteration of a row.</param>
internal readonly record struct ResultLineKey(string Type, string RecordId, int RunIteration);
