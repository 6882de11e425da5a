using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Tests.Comparison;

public class ComparedResultsTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """{ "b" : [true, null], "a": 1.0 }""")]
    [InlineData("\"\\u00e9\"", "\"é\"")]
    [InlineData("10", "1e1")]
    public void Equal_inputs_have_one_key_however_they_are_written(string one, string other) =>
        Assert.Equal(ComparedResults.KeyOf(RawJson.Of(one)), ComparedResults.KeyOf(RawJson.Of(other)));

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("null", "false")]
    public void Different_inputs_have_different_keys(string one, string other) =>
        Assert.NotEqual(ComparedResults.KeyOf(RawJson.Of(one)), ComparedResults.KeyOf(RawJson.Of(other)));

    [Fact]
    public void The_runs_own_figures_are_compared_beside_its_evaluations()
    {
        ResultRow row = new()
        {
            RecordId = "r",
            DurationNs = 1_500_000_000,
            InputTokenCount = 12,
            OutputTokenCount = 3,
            CostUsd = 0.002m,
            Evaluations =
            [
                new() { Label = "ok", MetricType = MetricType.Boolean, Value = RawJson.Of(true), Assessment = MetricAssessment.Pass },
                new() { Label = "f", MetricType = MetricType.Score, Value = RawJson.Of("0.5") },
                new() { Label = "tone", MetricType = MetricType.Categorical, Value = RawJson.OfText("warm"), Assessment = MetricAssessment.Fail },
                new() { Label = "broken", Error = new("no answer") },
            ],
        };
        ComparedRow compared = Assert.Single(Compared(row).ReadRows(withInputs: false));
        Assert.Equal(
            [
                new("ok", MetricType.Boolean, 1, null, true),
                new("f", MetricType.Score, 0.5, null, null),
                new("tone", MetricType.Categorical, null, "warm", false),
                new("broken", MetricType.Categorical, null, null, null),
                new(RunFigures.Errors, MetricType.Boolean, 0, null, null),
                new(RunFigures.Duration, MetricType.Score, 1.5, null, null),
                new(RunFigures.InputTokens, MetricType.Score, 12, null, null),
                new(RunFigures.OutputTokens, MetricType.Score, 3, null, null),
                new(RunFigures.CostUsd, MetricType.Score, 0.002, null, null),
            ],
            compared.Values);
    }

    [Fact]
    public void A_failed_or_cached_row_has_no_duration_to_compare()
    {
        ResultRow row = new() { RecordId = "r", DurationNs = 5 };
        Assert.DoesNotContain(Assert.Single(Compared(row with { Status = SpanStatus.Error }).ReadRows(false)).Values, value => value.Label == "duration");
        Assert.DoesNotContain(Assert.Single(Compared(row with { FromCache = true }).ReadRows(false)).Values, value => value.Label == "duration");
    }

    [Fact]
    public void A_row_of_a_file_can_be_read_again_where_it_is()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (ResultFileWriter writer = ResultFileWriter.Create(path, new() { ExperimentId = "e" }))
            {
                for (int i = 0; i < 5; i++)
                {
                    writer.Write(new ResultRow { RecordId = $"r{i}", Input = RawJson.OfText(new string('x', i * 40_000)), Output = RawJson.Of($"{i}") });
                }
            }

            ResultFile file = ResultFile.Open(path);
            ResultRow fourth = file.Rows().ElementAt(3);
            Assert.Equal(("r3", "3"), (file.ReadRow(fourth.Position).RecordId, file.ReadRow(fourth.Position).Output.ToString()));
            ComparedResults compared = new(file, "file", element => element.GetRawText());
            Assert.Equal("4", compared.ReadContent(file.Rows().Last().Position).Output);
            Assert.Throws<ResultFileException>(() => file.ReadRow(fourth.Position + 1));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ComparedResults Compared(ResultRow row) =>
        new(new ResultList(new() { ExperimentId = "e" }, [row], [], null), "run", element => element.GetRawText());
}
