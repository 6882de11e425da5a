using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using LlmObs.Evaluation.Comparison;
using LlmObs.Evaluation.Reports;
using LlmObs.Evaluation.Results;

namespace LlmObs.Evaluation.Tests.Reports;

public class ReportTests
{
    [Fact]
    public async Task The_rows_of_a_page_are_json_in_which_no_tag_begins_and_nothing_is_lost()
    {
        ResultRow row = Row("</script><!--", 0.5) with
        {
            Input = RawJson.Of("{\r\n\"<a>\": [1.0, 12345678901234567890, \"\u2028<\"]}"),
            Output = RawJson.OfText("</SCRIPT >\u0000"),
        };
        string page = await PageOf(Run(row));
        string rows = page.Split("id=\"rows\">\n")[1].Split("</script>")[0];
        Assert.DoesNotContain('<', rows);
        string line = Assert.Single(rows.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        JsonElement read = JsonDocument.Parse(line).RootElement;
        Assert.Equal("</script><!--", read.GetProperty("record_id").GetString());
        Assert.Equal("</SCRIPT >\0", read.GetProperty("output").GetString());
        Assert.Equal("[1.0, 12345678901234567890, \"\u2028\\u003c\"]", read.GetProperty("input").GetProperty("<a>").GetRawText());
    }

    [Fact]
    public async Task A_page_has_no_style_or_handler_of_an_element_and_its_policy_names_what_may_run()
    {
        string page = await PageOf(Run(Enumerable.Range(0, 40).Select(i => Row($"r{i}", i / 40.0)).ToArray()));
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<[^>]* on[a-z]+=", page.Split("<script")[0]);
        Assert.DoesNotContain("unsafe", page.Split("</head>")[0], StringComparison.Ordinal);
        Assert.Equal(2, page.Split("sha256-").Length - 1);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_takes_little_more_than_its_rows()
    {
        ResultRow[] rows = [.. Enumerable.Range(0, 2000).Select(i => Row($"r{i}", i / 2000.0) with { Output = RawJson.OfText(new string('x', 500)) })];
        string page = await PageOf(Run(rows));
        string lines = page.Split("id=\"rows\">\n")[1].Split("</script>")[0];
        Assert.InRange(page.Length - lines.Length, 10_000, 200_000);
    }

    [Fact]
    public void A_metrics_mean_counts_each_record_once_and_a_rates_interval_is_none_of_a_point()
    {
        RunReport report = RunReport.Of(
            Run(Row("a", 0), Row("a", 1) with { RunIteration = 2 }, Row("b", 1), Row("c", 1), Row("d", 1)), "n");
        Assert.Equal(0.875, report.Metrics[0].Mean);
        Assert.Equal(1, report.Metrics[1].Rate);
        (double mean, double? low, double? high) = report.Tally.Metrics[1].Mean()!.Value;
        Assert.Equal(1, mean);
        Assert.Equal(0.5101, low!.Value, 4); // Wilson's interval of 4 of 4
        Assert.Equal(1, high!.Value, 12);
    }

    [Fact]
    public void JUnit_counts_what_it_lists_and_leaves_no_character_that_xml_lacks()
    {
        string hostile = "a\0b\u001b<c>\ud800]]>";
        ResultRow failed = Row("failed", 0.5) with { Status = SpanStatus.Error, Error = new(hostile, hostile, hostile), Evaluations = [] };
        ResultRow bad = Row(hostile, 0.1) with { Evaluations = [new() { Label = "f", MetricType = MetricType.Score, Value = RawJson.Of(0.1), Assessment = MetricAssessment.Fail, Reasoning = hostile }] };
        using MemoryStream stream = new();
        JUnitReport.Write(RunReport.Of(Run(Row("fine", 0.9), failed, bad), hostile, hostile), stream);
        XElement root = XElement.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Equal("testsuites", root.Name);
        Assert.Equal(["task", "f", "ok"], root.Elements("testsuite").Select(suite => (string?)suite.Attribute("name")));
        foreach (XElement suite in root.Elements("testsuite").Append(root))
        {
            Assert.Equal(suite.Descendants("testcase").Count(), (int)suite.Attribute("tests")!);
            Assert.Equal(suite.Descendants("failure").Count(), (int)suite.Attribute("failures")!);
            Assert.Equal(suite.Descendants("error").Count(), (int)suite.Attribute("errors")!);
            Assert.Equal(suite.Descendants("skipped").Count(), (int)suite.Attribute("skipped")!);
        }

        Assert.Equal((1, 1, 3), (root.Descendants("failure").Count(), root.Descendants("error").Count(), root.Descendants("skipped").Count()));
        Assert.All(root.Descendants("testcase"), one => Assert.True(one.Attribute("name") is not null && one.Attribute("classname") is not null && one.Attribute("time") is not null));
    }

    [Theory]
    [InlineData("\"Where is\\n my \\t invoice?\"", "Where is my invoice? (r1)")]
    [InlineData("{\"question\":\"Why?\"}", "{\"question\":\"Why?\"} (r1)")]
    [InlineData("\"\"", "r1")]
    [InlineData("\"01234567890123456789012345678901234567890123456789012345678901234567890123456789\"", "01234567890123456789012345678901234567890123456789012345678901234567890123456789 (r1)")]
    [InlineData("\"012345678901234567890123456789012345678901234567890123456789012345678901234567\ud83d\ude00x\"", "012345678901234567890123456789012345678901234567890123456789012345678901234567… (r1)")]
    public void A_case_of_JUnit_has_the_beginning_of_its_input_and_its_id_as_name(string input, string name)
    {
        using MemoryStream stream = new();
        JUnitReport.Write(RunReport.Of(Run(Row("r1", 0.5) with { Input = new(Encoding.UTF8.GetBytes(input)) }), "run"), stream);
        Assert.All(XElement.Parse(Encoding.UTF8.GetString(stream.ToArray())).Descendants("testcase"), one => Assert.Equal(name, (string?)one.Attribute("name")));
    }

    [Theory]
    [InlineData("task", "f")]
    [InlineData("", "\u001b")]
    [InlineData("f", "F")]
    public void JUnit_is_what_build_agents_document(string label, string other)
    {
        string hostile = "a\0b\u001b<c>\ud800]]>";
        ResultEvaluation failing = new() { Label = label, MetricType = MetricType.Score, Value = RawJson.Of(0.1), Assessment = MetricAssessment.Fail, Reasoning = hostile };
        ResultList before = Run(
            Row("a", 0.5), Row(string.Empty, 0.5) with { DurationNs = 1_234_567_890_123 }, Row(hostile, 0.5) with { Status = SpanStatus.Error, Error = new(hostile), Evaluations = [] });
        ResultList after = Run(
            Row("a", 0.4) with { Evaluations = [failing, new() { Label = other, Error = new(hostile) }] },
            Row(string.Empty, 0.5) with { Evaluations = [failing with { Assessment = null }] },
            Row(hostile, 0.5) with { RunIteration = 2 });
        foreach (RunReport report in new[]
        {
            RunReport.Of(before, "before"), RunReport.Of(after, string.Empty, hostile), RunReport.Of(Run(), "empty"),
            RunReport.OfComparison(after, "after", before, "before", RunComparison.Compare(Side(before), Side(after), new())),
        })
        {
            using MemoryStream stream = new();
            JUnitReport.Write(report, stream);
            stream.Position = 0;
            XmlReaderSettings settings = new() { ValidationType = ValidationType.Schema };
            settings.Schemas.Add(null, Path.Combine(AppContext.BaseDirectory, "Reports", "junit.xsd"));
            List<string> problems = [];
            settings.ValidationEventHandler += (_, found) => problems.Add(found.Message);
            using XmlReader reader = XmlReader.Create(stream, settings);
            while (reader.Read())
            {
            }

            Assert.Empty(problems);
        }
    }

    [Theory]
    [InlineData("LlmObs.Evaluation.Evaluators.EvaluatorException", "EvaluatorException", false)]
    [InlineData("System.InvalidOperationException", "System.InvalidOperationException", true)]
    public void JUnit_shows_where_a_script_failed_and_not_where_an_included_evaluator_did(string type, string shown, bool hasStack)
    {
        using MemoryStream stream = new();
        JUnitReport.Write(RunReport.Of(Run(Row("a", 0.5) with { Evaluations = [new() { Label = "f", Error = new("no number", type, "at the top") }] }), "n"), stream);
        XElement error = Assert.Single(XElement.Parse(Encoding.UTF8.GetString(stream.ToArray())).Descendants("error"));
        Assert.Equal(("no number", shown), ((string?)error.Attribute("message"), (string?)error.Attribute("type")));
        Assert.Equal(hasStack, error.Value.Contains("Why:\nat the top", StringComparison.Ordinal));
    }

    [Fact]
    public void JUnit_fails_a_value_that_is_worse_than_the_baselines_with_both_outputs()
    {
        ResultList before = Run(Row("a", 0.5), Row("b", 0.5), Row("c", 0.5));
        ResultList after = Run(Row("a", 0.4) with { Output = RawJson.OfText("now") }, Row("b", 0.5), Row("c", 0.6));
        Assert.Equal(["a"], Failures([]));
        Assert.Equal(["c"], Failures(["f"]));

        string[] Failures(string[] lowerIsBetter)
        {
            ComparisonResult compared = RunComparison.Compare(Side(before), Side(after), new() { LowerIsBetter = lowerIsBetter });
            using MemoryStream stream = new();
            JUnitReport.Write(RunReport.OfComparison(after, "after", before, "before", compared), stream);
            XElement root = XElement.Parse(Encoding.UTF8.GetString(stream.ToArray()));
            XElement[] failures = [.. root.Descendants("failure")];
            Assert.All(failures, failure => Assert.Contains("Output before:\nanswer", failure.Value, StringComparison.Ordinal));
            return [.. failures.Select(failure => (string)failure.Parent!.Attribute("name")!)];
        }
    }

    [Fact]
    public void Csv_has_a_line_a_row_and_keeps_what_is_in_the_cells()
    {
        ResultRow row = Row("a,\"b\"\nc", 0.25) with { Input = RawJson.Of("""{"q":1.0}""") };
        row = row with { Evaluations = [.. row.Evaluations, new() { Label = "output", MetricType = MetricType.Categorical, Value = RawJson.OfText("=1+1") }] };
        using MemoryStream stream = new();
        CsvReport.Write(RunReport.Of(Run(row), "n"), stream);
        Assert.Equal(
            "record_id,run_iteration,status,error,input,expected_output,output,duration_seconds,input_tokens,output_tokens,cost_usd,f,ok,metric.output\n"
            + "\"a,\"\"b\"\"\nc\",1,ok,,\"{\"\"q\"\":1.0}\",,answer,0.5,,,,0.25,true,=1+1\n",
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task A_row_of_the_baseline_is_found_by_equal_input_if_no_id_is_in_both()
    {
        ResultList before = Run(Row("x", 0.5) with { Input = RawJson.Of("""{"a":1,"b":2}"""), Output = RawJson.OfText("earlier") });
        ResultList after = Run(Row("y", 0.5) with { Input = RawJson.Of("""{"b":2, "a":1.0}""") });
        ComparisonResult compared = RunComparison.Compare(Side(before), Side(after), new());
        string page = await PageOf(RunReport.OfComparison(after, "after", before, "before", compared));
        Assert.Contains("\"output\":\"earlier\"", page, StringComparison.Ordinal);
    }

    private static ComparedResults Side(ResultList run) => new(run, "n", value => value.ToString());

    private static ResultRow Row(string id, double score) => new()
    {
        RecordId = id,
        DurationNs = 500_000_000,
        Output = RawJson.OfText("answer"),
        Evaluations = [new() { Label = "f", MetricType = MetricType.Score, Value = RawJson.Of(score) }, new() { Label = "ok", MetricType = MetricType.Boolean, Value = RawJson.Of(true) }],
    };

    private static ResultList Run(params ResultRow[] rows) => new(new() { ExperimentId = "e", Name = "n" }, rows, [], null);

    private static Task<string> PageOf(ResultList rows) => PageOf(RunReport.Of(rows, "n"));

    private static async Task<string> PageOf(RunReport report)
    {
        using MemoryStream stream = new();
        await HtmlReport.WriteAsync(report, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
