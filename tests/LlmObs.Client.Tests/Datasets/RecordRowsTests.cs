namespace LlmObs.Client.Tests;

public sealed class RecordRowsTests : IRecordSink
{
    private readonly List<string> _records = [];
    private readonly List<string> _problems = [];
    private readonly List<string> _ignored = [];

    [Fact]
    public void Fields_go_by_their_names_and_text_stays_text()
    {
        Read("data.csv", "Input,expected_output,METADATA,id,tags\n12,\"{\"\"a\"\":1}\",\"{\"\"m\"\":[1]}\",own,\"x, y\"\nq,,,,\n");

        Assert.Equal(
            [
                """{"id":"own","input":"12","expected_output":"{\"a\":1}","metadata":{"m":[1]},"tags":["x","y"]}""",
                """{"input":"q"}""",
            ],
            _records);
    }

    [Fact]
    public void JSON_columns_are_values()
    {
        Read("data.csv", "input,expected_output\n12,\"[1, null]\"\n", jsonColumns: ["input", "expected_output"]);

        Assert.Equal(["""{"input":12,"expected_output":[1, null]}"""], _records);
    }

    [Fact]
    public void JSON_lines_keep_every_value()
    {
        Read("data.jsonl", """
            {"input":{"q":[1.50,null]},"expectedOutput":"x","metadata":{"a":{"b":1}}}
            {"expected":true,"input_data":5}

            {"input":"z","tags":["t",1]}
            """);

        Assert.Equal(
            [
                """{"input":{"q":[1.50,null]},"expected_output":"x","metadata":{"a":{"b":1}}}""",
                """{"input":5,"expected_output":true}""",
                """{"input":"z","tags":["t","1"]}""",
            ],
            _records);
    }

    [Fact]
    public void A_row_that_is_refused_leaves_nothing_behind_and_names_of_members_are_escaped()
    {
        var mapping = new RecordMapping { InputColumns = ["q"], MetadataColumns = ["say \"hi\"", "ü"] };

        Read("data.csv", "q,\"say \"\"hi\"\"\",ü\na,1,2\nb,3,[\nc,,4\n", mapping, jsonColumns: ["ü"]);

        Assert.Equal(["""{"input":"a","metadata":{"say \"hi\"":"1","ü":2}}""", """{"input":"c","metadata":{"ü":4}}"""], _records);
        Assert.Single(_problems);
    }

    [Fact]
    public void Columns_can_be_named()
    {
        var mapping = new RecordMapping { InputColumns = ["question", "Lang"], ExpectedColumns = ["truth"], MetadataColumns = ["topic", "level"], IdColumn = "key" };

        Read("data.csv", "key,question,lang,truth,topic,level,other\nk1,why?,en,because,,3,x\n", mapping);

        Assert.Equal(["""{"id":"k1","input":{"question":"why?","lang":"en"},"expected_output":"because","metadata":{"level":"3"}}"""], _records);
        Assert.Empty(_ignored);
    }

    [Fact]
    public void A_row_that_is_no_record_is_one_error_and_the_next_is_read()
    {
        Read("data.csv", "input,metadata\n,{}\nq,[1]\nq,no\nq,{},x\nok,\n");

        Assert.Equal(["""{"input":"ok"}"""], _records);
        Assert.Equal(4, _problems.Count);
        Assert.StartsWith("data.csv row 1 (line 2): input is empty", _problems[0], StringComparison.Ordinal);
        Assert.Contains("must be a JSON object", _problems[1], StringComparison.Ordinal);
        Assert.Contains("is not JSON", _problems[2], StringComparison.Ordinal);
        Assert.Contains("it has 3 cells", _problems[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_record_with_the_same_id_is_an_error_and_the_same_one_is_not()
    {
        Read("data.csv", "key,input,truth\nk1,a,1\n,b,2\n,c,3\nk1,a,1\nk1,d,4\nk2,a,1\n", new RecordMapping { InputColumns = ["input"], ExpectedColumns = ["truth"], IdColumn = "key" });
        Read("data.jsonl", """
            {"id":"k1","input":"a"}
            {"id":"k1","input":"a","tags":["x"]}
            """);

        Assert.Equal(
            [
                "data.csv row 5 (line 6): key is 'k1', as in data.csv row 1 (line 2); one would overwrite the other",
                "data.jsonl row 2: id is 'k1', as in data.jsonl row 1; one would overwrite the other",
            ],
            _problems);
        Assert.Equal(6, _records.Count);
    }

    [Fact]
    public void Columns_that_mean_nothing_are_told_once()
    {
        Read("data.csv", "input,question,truth\na,b,c\nd,e,f\n");

        Assert.Equal(["data.csv: question, truth"], _ignored);
    }

    [Theory]
    [InlineData("question,truth\na,b\n", null, "there is no column 'input'; the columns are question, truth")]
    [InlineData("input\na\n", "prompt", "it has no column 'prompt'; its columns are input")]
    [InlineData("input,input_data\na,b\n", null, "is given by two columns, 'input' and 'input_data'")]
    public void A_file_without_an_input_can_not_be_read(string csv, string? inputColumn, string words)
    {
        var mapping = new RecordMapping { InputColumns = inputColumn is null ? [] : [inputColumn] };

        EventRowException problem = Assert.Throws<EventRowException>(() => Read("data.csv", csv, mapping));

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Empty(_records);
    }

    void IRecordSink.Take(RecordText record, RowPlace place) => _records.Add(record.ToString());

    void IRecordSink.Reject(RowPlace place, EventRowException problem, string? text) => _problems.Add($"{place}: {problem.Message}");

    void IRecordSink.Ignore(string? source, IReadOnlyList<string> names) => _ignored.Add($"{source}: {string.Join(", ", names)}");

    void IRecordSink.Warn(string warning) => Assert.Fail(warning);

    private void Read(string name, string text, RecordMapping? mapping = null, string[]? jsonColumns = null)
    {
        string folder = Directory.CreateTempSubdirectory("llmobs-test-").FullName;
        try
        {
            string file = Path.Combine(folder, name);
            File.WriteAllText(file, text);
            HashSet<string> json = new(jsonColumns ?? [], StringComparer.OrdinalIgnoreCase);
            EventFile.Read(
                file,
                new EventFileOptions { IsTable = true, JsonColumns = json },
                new RecordRows(mapping ?? new RecordMapping(), json, [], HostObjectJson.Default, this));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
