using System.Text;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Tests.Results;

public sealed class ResultFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmobs-results-").FullName;

    private string FilePath => Path.Combine(_folder, "sub", "run.jsonl");

    private static ResultHeader Header { get; } = new()
    {
        ExperimentId = "e1", Name = "faq-1", LogicalName = "faq", ProjectId = "p1", ProjectName = "bot", DatasetId = "d1", DatasetName = "questions",
        DatasetVersion = 3, Description = "d", Config = RawJson.Of("""{"model":"small"}"""), Metadata = RawJson.Of("""{"tags":["a:b"]}"""), RunCount = 2,
        Url = "https://app.datadoghq.com/llm/experiments/e1", StartedAt = new DateTimeOffset(2026, 11, 28, 12, 0, 0, 125, TimeSpan.Zero),
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Everything_that_is_written_is_read_again()
    {
        ResultRow row = new()
        {
            RecordId = "r\"1", RunId = "u1", RunIteration = 2, SpanId = "00000000000000aa", TraceId = "000000000000000000000000000000bb", StartNs = 1_700_000_000_123_456_789,
            DurationNs = 12_000, Input = RawJson.Of("""{"q":"größe 😀"}"""), ExpectedOutput = RawJson.Of("null"), Output = RawJson.Of("[1,2.50,\"x\"]"),
            Metadata = RawJson.Of("""{"k":1}"""), Tags = ["a:b", "c:d"], Status = "error", Error = new RowError("boom\nline", "System.Exception", "at 1"),
            InputTokenCount = 12, OutputTokenCount = 34, CostUsd = 0.000012m, FromCache = true,
            Evaluations =
            [
                new ResultEvaluation { Label = "score", MetricType = "score", Value = RawJson.Of("0.25"), Assessment = "fail", Reasoning = "why", Metadata = RawJson.Of("""{"m":[]}"""), Tags = ["t:1"] },
                new ResultEvaluation { Label = "ok", Evaluator = "checks", MetricType = "boolean", Value = RawJson.Of(true) },
                new ResultEvaluation { Label = "word", MetricType = "categorical", Value = RawJson.OfText("gut\"") },
                new ResultEvaluation { Label = "broken", Error = new RowError("no") },
            ],
        };
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(row);
            writer.Write(new ResultSummary { RunId = "u1", RunIteration = 2, Evaluations = [new ResultEvaluation { Label = "mean", MetricType = "score", Value = RawJson.Of(0.5) }] });
            writer.Write(new ResultEnd { Status = "failed", Error = "1 row failed", IsGivenUp = true, EndedAt = Header.StartedAt });
        }

        ResultFile file = ResultFile.Open(FilePath);

        Assert.Equal(Flat(Header), Flat(file.Header));
        Assert.Equal(new ResultEnd { Status = "failed", Error = "1 row failed", IsGivenUp = true, EndedAt = Header.StartedAt }, file.End);
        Assert.Equal(0.5, Assert.Single(Assert.Single(file.Summaries).Evaluations).Score);
        Assert.Equal(1, file.RowCount);
        ResultRow read = Assert.Single(file.Rows());
        Assert.Equal(Flat(row), Flat(read));
        Assert.Equal(row.Tags, read.Tags);
        Assert.Equal(row.Evaluations.Select(Flat), read.Evaluations.Select(Flat));
        Assert.Equal(["score", "checks", "word", "broken"], read.Evaluations.Select(one => one.EvaluatorName));
        Assert.True(read.HasEvaluationOf("checks"));
        Assert.False(read.HasEvaluationOf("ok"));
        Assert.False(read.HasEvaluationOf("broken")); // it failed to judge the row
        Assert.Equal([0.25, null, null, null], read.Evaluations.Select(one => one.Score));
        Assert.Equal([null, true, null, null], read.Evaluations.Select(one => one.Boolean));
        Assert.Equal([null, null, "gut\"", null], read.Evaluations.Select(one => one.Category));
        Assert.Equal(2.5m, read.Output.Read()[1].GetDecimal());
    }

    [Fact]
    public void A_value_that_is_absent_is_not_null()
    {
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "a", Output = RawJson.Of("null") });
        }

        ResultRow row = Assert.Single(ResultFile.Open(FilePath).Rows());
        Assert.False(row.Output.IsMissing);
        Assert.True(row.Input.IsMissing);
        Assert.Equal("null", row.Output.ToString());
    }

    [Fact]
    public void A_later_row_of_the_same_record_and_iteration_replaces_the_earlier_one()
    {
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "a", RunIteration = 1, Status = "error", Output = RawJson.Of("1") });
            writer.Write(new ResultRow { RecordId = "a", RunIteration = 2, Output = RawJson.Of("2") });
            writer.Write(new ResultRow { RecordId = "b", RunIteration = 1, Output = RawJson.Of("3") });
        }

        using (ResultFileWriter writer = ResultFileWriter.Append(FilePath))
        {
            writer.Write(new ResultRow { RecordId = "a", RunIteration = 1, Output = RawJson.Of("4") });
        }

        ResultFile file = ResultFile.Open(FilePath);
        Assert.Equal(3, file.RowCount);
        Assert.Equal(["2", "3", "4"], file.Rows().Select(row => row.Output.ToString()));
    }

    [Fact]
    public void Rows_that_the_service_has_are_known_until_they_are_run_again()
    {
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "a" });
            writer.Write(new ResultRow { RecordId = "b" });
            writer.Write(new ResultRow { RecordId = "b", RunIteration = 2 });
            writer.WriteSent([("a", 1), ("b", 2)]);
            writer.Write(new ResultRow { RecordId = "a" });
        }

        ResultFile file = ResultFile.Open(FilePath);
        Assert.Equal([("b", 2)], file.ReadSent());
        Assert.Equal(3, file.RowCount);
    }

    [Fact]
    public void A_torn_last_line_is_passed_over_wherever_it_was_cut_and_taken_away_before_more_is_written()
    {
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "a", Output = RawJson.OfText("first") });
            writer.Write(new ResultRow { RecordId = "b", Output = RawJson.OfText("second"), Evaluations = [new ResultEvaluation { Label = "x", Value = RawJson.Of(true) }] });
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        int second = Encoding.UTF8.GetString(whole).IndexOf("""{"type":"row","record_id":"b""", StringComparison.Ordinal);
        for (int length = second + 1; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Equal(["a"], ResultFile.Open(FilePath).Rows().Select(row => row.RecordId));
        }

        using (ResultFileWriter writer = ResultFileWriter.Append(FilePath))
        {
            writer.Write(new ResultRow { RecordId = "c" });
        }

        Assert.Equal(["a", "c"], ResultFile.Open(FilePath).Rows().Select(row => row.RecordId));
    }

    [Fact]
    public void A_last_line_that_only_lacks_its_end_counts()
    {
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "a" });
        }

        File.WriteAllText(FilePath, File.ReadAllText(FilePath).TrimEnd());
        Assert.Equal(["a"], ResultFile.Open(FilePath).Rows().Select(row => row.RecordId));
        using (ResultFileWriter writer = ResultFileWriter.Append(FilePath))
        {
            writer.Write(new ResultRow { RecordId = "b" });
        }

        Assert.Equal(["a", "b"], ResultFile.Open(FilePath).Rows().Select(row => row.RecordId));
    }

    [Fact]
    public void A_line_in_the_middle_that_is_no_JSON_is_an_error_that_names_it()
    {
        Put(Run, """{"type":"row","record_id":"a""", """{"type":"row","record_id":"b","run_iteration":1}""");
        ResultFileException problem = Assert.Throws<ResultFileException>(() => ResultFile.Open(FilePath));
        Assert.Equal(2, problem.Line);
        Assert.Contains(FilePath, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_and_lines_that_are_not_known_are_passed_over()
    {
        Put("\uFEFF" + Run, """{"type":"news","x":{}}""", string.Empty, """{"run_iteration":1,"later":[1,{}],"record_id":"a","type":"row","evaluations":{"x":{"unit":"s","value":1}}}""" + "\r");
        ResultFile file = ResultFile.Open(FilePath);
        Assert.Null(file.End);
        Assert.Equal(1, Assert.Single(Assert.Single(file.Rows()).Evaluations).Score);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("""{"type":"row","record_id":"a"}""", "its first line names no experiment")]
    [InlineData("""{"a":1}""", "its first line names no experiment")]
    [InlineData("""{"type":"run","version":2,"experiment_id":"e1"}""", "a newer module")]
    [InlineData("""{"type":"run","version":1}""", "no experiment_id")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("a,b,c", "can't be read")]
    public void A_file_that_is_no_result_file_is_refused(string first, string reason)
    {
        Put(first, """{"type":"end","status":"completed"}""");
        if (first.Length == 0)
        {
            File.WriteAllText(FilePath, string.Empty);
        }

        Assert.Contains(reason, Assert.Throws<ResultFileException>(() => ResultFile.Open(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_one_experiment_can_be_laid_one_behind_the_other_and_those_of_two_cannot()
    {
        Put(Run, """{"type":"row","record_id":"a"}""", Run, """{"type":"row","record_id":"b"}""");
        Assert.Equal(2, ResultFile.Open(FilePath).RowCount);
        Put(Run, """{"type":"run","version":1,"experiment_id":"e2"}""");
        Assert.Equal(2, Assert.Throws<ResultFileException>(() => ResultFile.Open(FilePath)).Line);
    }

    [Fact]
    public void A_part_whose_last_line_was_torn_counts_up_to_there_wherever_it_was_cut()
    {
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "a", Output = RawJson.OfText("first") });
            writer.WriteSent([("a", 1)]);
            writer.Write(new ResultRow { RecordId = "a", Output = RawJson.OfText("again"), Evaluations = [new ResultEvaluation { Label = "x", Value = RawJson.Of(true) }] });
        }

        byte[] first = File.ReadAllBytes(FilePath);
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            writer.Write(new ResultRow { RecordId = "b", Output = RawJson.OfText("second") });
            writer.WriteSent([("b", 1)]);
            writer.Write(new ResultEnd { Status = "completed" });
        }

        byte[] second = File.ReadAllBytes(FilePath);
        string text = Encoding.UTF8.GetString(first);
        int last = text.LastIndexOf("""{"type":"row""", StringComparison.Ordinal);
        int sent = text.LastIndexOf("""{"type":"sent""", StringComparison.Ordinal);
        for (int length = sent + 1; length < first.Length - 1; length++)
        {
            if (length == last - 1 || length == last)
            {
                continue; // nothing is cut
            }

            File.WriteAllBytes(FilePath, [.. first[..length], (byte)'\n', .. second]); // as Get-Content and Set-Content write it
            ResultFile file = ResultFile.Open(FilePath);
            Assert.Equal(["a", "b"], file.Rows().Select(row => row.RecordId));
            Assert.Equal("\"first\"", file.Rows().First().Output.ToString());
            Assert.Equal(length > last ? [("a", 1), ("b", 1)] : [("b", 1)], file.ReadSent().Order());
            Assert.Equal("completed", file.End!.Status);
        }
    }

    [Fact]
    public void Rows_longer_than_the_buffer_are_read()
    {
        string text = new('x', 300_000);
        using (ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header))
        {
            for (int index = 0; index < 5; index++)
            {
                writer.Write(new ResultRow { RecordId = $"r{index}", Output = RawJson.OfText(text + index) });
            }
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(index => text + index), ResultFile.Open(FilePath).Rows().Select(row => row.Output.Read().GetString()));
    }

    [Fact]
    public void A_file_is_read_while_it_is_written()
    {
        using ResultFileWriter writer = ResultFileWriter.Create(FilePath, Header);
        writer.Write(new ResultRow { RecordId = "a" });
        Assert.Equal(1, ResultFile.Open(FilePath).RowCount);
        writer.Write(new ResultRow { RecordId = "b" });
        Assert.Equal(2, ResultFile.Open(FilePath).RowCount);
    }

    private const string Run = """{"type":"run","version":1,"experiment_id":"e1"}""";

    private void Put(params string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, string.Join('\n', lines) + "\n");
    }

    private static object Flat(ResultHeader header) => (header with { Config = default, Metadata = default, SpanTags = [] }).ToString().Replace("System.String[]", string.Empty, StringComparison.Ordinal) + header.Config.ToString() + header.Metadata;

    private static object Flat(ResultEvaluation one) =>
        (one with { Value = default, Metadata = default, Tags = [] }).ToString().Replace("System.String[]", "", StringComparison.Ordinal) + one.Value + one.Metadata + string.Join(' ', one.Tags);

    private static object Flat(ResultRow row) =>
        (row with { Position = 0, Input = default, ExpectedOutput = default, Output = default, Metadata = default, Tags = [], Evaluations = [] }).ToString()
        + row.Input + row.ExpectedOutput + row.Output + row.Metadata;
}
