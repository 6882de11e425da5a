using System.Text;

namespace LlmObs.Client.Tests;

public sealed class CsvFileTests
{
    private const string Header = "span_id,label,score_value,timestamp_ms,reasoning\n";

    [Theory]
    [InlineData("trace_id,span_id,name,start_ns,duration,input,meta.model\n")]
    [InlineData("TraceId,SpanId,Name,StartNs,Duration,Input,Meta.model\n")]
    [InlineData("traceId,spanId,name,startNs,duration,input,meta.model\r\n")]
    [InlineData("\"trace_id\",\"span_id\",\"name\",\"start_ns\",\"duration\",\"meta.input\",\"meta.model\"\n")]
    public void Every_form_of_header_is_read(string header)
    {
        WrittenRows rows = TemporaryFile.Read(".csv", header + "t,s,n,1700000000000000000,5,\"a, \"\"b\"\"\nc\",m1\n");
        JsonAssert.Same(EventJson.Span("\"status\":\"ok\",\"meta\":{\"input\":\"a, \\\"b\\\"\\nc\",\"model\":\"m1\"}"), Assert.Single(rows.Events));
        Assert.Empty(rows.Problems);
        Assert.Empty(rows.Ignored);
    }

    [Fact]
    public void Text_stays_text_unless_its_column_is_named_as_json()
    {
        const string file = "trace_id,span_id,name,start_ns,duration,Input,output\nt,s,n,1700000000000000000,5,\"{\"\"a\"\":1}\",\"[1]\"\n";
        Assert.Contains("\"meta\":{\"input\":\"{\\\"a\\\":1}\",\"output\":\"[1]\"}", TemporaryFile.Read(".csv", file).Events[0], StringComparison.Ordinal);
        var options = new EventFileOptions { JsonColumns = new HashSet<string>(["input"], StringComparer.OrdinalIgnoreCase) };
        Assert.Contains("\"meta\":{\"input\":{\"a\":1},\"output\":\"[1]\"}", TemporaryFile.Read(".csv", file, options).Events[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_json_in_a_json_column_is_one_error_and_an_empty_cell_is_text()
    {
        var options = new EventFileOptions { JsonColumns = new HashSet<string>(["input"], StringComparer.OrdinalIgnoreCase) };
        WrittenRows rows = TemporaryFile.Read(".csv", "trace_id,span_id,name,start_ns,duration,input\nt,s,n,0,5,{oops\nt,s,n,0,5,\nt,s,n,0,5,12\n", options);
        Assert.Equal(2, rows.Events.Count);
        Assert.StartsWith("input is not JSON", Assert.Single(rows.Problems).Message, StringComparison.Ordinal);
        Assert.Contains("\"input\":12", rows.Events[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_column_that_is_not_there_is_an_error_that_lists_the_columns()
    {
        var options = new EventFileOptions { JsonColumns = new HashSet<string>(["inputt"], StringComparer.OrdinalIgnoreCase) };
        Assert.Contains("no column 'inputt'", Assert.Throws<EventRowException>(() => TemporaryFile.Read(".csv", "name,input\n", options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_ragged_or_wrongly_quoted_are_one_error_each_and_the_others_go_on()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", Header
            + "s1,l,1,1700000000000,ok\n"
            + "s2,l,1,1700000000000\n"
            + "s3,l,1,1700000000000,a,b\n"
            + "s4,l,1,1700000000000,a\"b\n"
            + "s5,l,1,1700000000000,\"a\"b\n"
            + "\n"
            + "s6,l,1,1700000000000,\"two\nlines\"\n"
            + "s7,l,\"1,5\",1700000000000,x\n"
            + "s8,l,NaN,1700000000000,x\n"
            + "s9,l,1,1700000000,x\n"
            + "s10,l,1,1700000000000,last");
        Assert.Equal(["s1", "s2", "s4", "s6", "s10"], rows.Events.Select(json => json.Split('"')[3]));
        Assert.Equal([4L, 6, 10, 11, 12], rows.Problems.Select(problem => problem.Place.Line));
        Assert.Equal([2L, 3, 5, 8, 13], rows.Places.Select(place => place.Line));
        Assert.All(rows.Problems.Take(2), problem => Assert.Contains("l,1,17", problem.Text, StringComparison.Ordinal));
        Assert.Contains("6 cells, and the header has 5", rows.Problems[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("score_value must be a number", rows.Problems[2].Message, StringComparison.Ordinal);
        Assert.Contains("NaN", rows.Problems[3].Message, StringComparison.Ordinal);
        Assert.Contains("looks like seconds", rows.Problems[4].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_reported_and_what_stood_before_it_is_read()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", Header + "s1,l,1,1700000000000,a\ns2,l,1,1700000000000,\"open\ns3,l,1,1700000000000,b\n");
        Assert.Single(rows.Events);
        Assert.Contains("never closed", Assert.Single(rows.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_any_cell_are_no_rows_and_the_numbers_of_the_others_are_those_that_people_see()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", Header + "s1,l,1,1700000000000,ok\n,,,,\n  \n , ,\t,,\n,,,,,,,\n\"\",,,,\ns2,l,x,1700000000000,ok\ns3,l,1,1700000000000,ok\n,,,,\n");
        Assert.Equal(["s1", "s3"], rows.Events.Select(json => json.Split('"')[3]));
        Assert.Equal([(1L, 2L), (3, 9)], rows.Places.Select(place => (place.Row, place.Line)));
        Assert.Equal((2L, 8L), (Assert.Single(rows.Problems).Place.Row, rows.Problems[0].Place.Line));
        Assert.Empty(rows.Warnings);
    }

    [Theory]
    [InlineData("#TYPE System.Management.Automation.PSCustomObject\nspan_id,label,value\ns,l,1\n")]
    [InlineData("#TYPE Selected.System.String,x\r\n\"span_id\",\"label\",\"value\"\r\n\"s\",\"l\",\"1\"\r\n")]
    [InlineData("sep=,\nspan_id,label,value\ns,l,1\n")]
    [InlineData("  span_id ,\tlabel\t, \"value\" \ns,l,1\n")]
    [InlineData("span_id,label,value\ns, \"l\" ,1\n")]
    [InlineData("span_id,label,value\ns,\"l\" ,1\n")]
    [InlineData("span_id,label,value,,\ns,l,1\n")]
    [InlineData("span_id,label,value\ns,l,1,,,\n")]
    public void What_Import_Csv_reads_is_read(string file)
    {
        WrittenRows rows = TemporaryFile.Read(".csv", file);
        Assert.Empty(rows.Problems);
        Assert.Contains("\"span_id\":\"s\",\"label\":\"l\",\"metric_type\":\"score\",\"score_value\":1,", Assert.Single(rows.Events), StringComparison.Ordinal);
        Assert.Equal(1, rows.Places[0].Row);
    }

    [Fact]
    public void Cells_that_are_missing_at_the_end_are_blank_and_counted_in_one_warning()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", "span_id,label,value,reasoning,tags\ns1,l,1\ns2,l,1,r,\"a:b\"\ns3,l,1,r\n");
        Assert.Equal(3, rows.Events.Count);
        Assert.Matches("^2 rows have fewer cells than the header, the first is .*row 1 [(]line 2[)]; the missing cells were read as blank[.]$", Assert.Single(rows.Warnings));
    }

    [Fact]
    public void A_quote_inside_of_a_cell_is_text()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", "span_id,label,value,reasoning\ns1,l,1,5\" disk\ns2,l,1,\"a\"b\ns3,l,1,\"ok\"\n");
        Assert.Contains("\"reasoning\":\"5\\\" disk\"", rows.Events[0], StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(rows.Problems).Place.Row);
        Assert.Contains("text follows a closing quote", rows.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal([1L, 3], rows.Places.Select(place => place.Row));
    }

    [Fact]
    public void Columns_that_are_no_fields_are_reported()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", "span_id,label,value,question,Notes\ns,l,1,x,y\n");
        Assert.Equal(["question", "Notes"], rows.Ignored);
        Assert.Single(rows.Events);
    }

    [Fact]
    public void Of_two_columns_for_one_field_the_rows_where_they_differ_are_refused()
    {
        WrittenRows rows = TemporaryFile.Read(".csv", "span_id,spanId,label,value\na,b,c,1\na,a,c,1\n");
        Assert.Contains("span_id is given twice, with different values: 'span_id' is 'a', and 'spanId' is 'b'", Assert.Single(rows.Problems).Message, StringComparison.Ordinal);
        Assert.Single(rows.Events);
    }

    [Theory]
    [InlineData("span_id;label;value\ns;l;1\n", ';')]
    [InlineData("span_id|label|value\ns|l|1\n", '|')]
    public void Another_delimiter_is_read_where_it_is_given_and_asked_for_where_not(string file, char delimiter)
    {
        Assert.Single(TemporaryFile.Read(".csv", file, new EventFileOptions { Delimiter = delimiter }).Events);
        Assert.Contains($"-Delimiter '{delimiter}'", Assert.Throws<EventRowException>(() => TemporaryFile.Read(".csv", file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_cells_are_exact()
    {
        WrittenRows rows = TemporaryFile.Read(".tsv", "trace_id\tspan_id\tname\tstart_ns\tduration\nt\ts\tn\t9223372036854775807\t9223372036854775807\nt\ts\tn\t-0\t-0\n");
        Assert.Contains("\"start_ns\":9223372036854775807,\"duration\":9223372036854775807", rows.Events[0], StringComparison.Ordinal);
        Assert.Contains("\"start_ns\":0,\"duration\":0", rows.Events[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("label")]
    [InlineData("reasoning")]
    [InlineData("tags")]
    public void Bytes_that_are_no_utf8_are_one_error_and_never_bent(string column)
    {
        byte[] file = Encoding.Latin1.GetBytes($"span_id,value,{column}{(column == "label" ? "" : ",label")}\ns,1,naïve{(column == "label" ? "" : ",l")}\n");
        WrittenRows rows = TemporaryFile.Read(".csv", file);
        Assert.Empty(rows.Events);
        Assert.Contains("is not UTF-8", Assert.Single(rows.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("span_id,label\n")]
    [InlineData("\n\n")]
    public void A_file_without_rows_has_none(string content)
    {
        WrittenRows rows = TemporaryFile.Read(".csv", content);
        Assert.Empty(rows.Events);
        Assert.Empty(rows.Problems);
    }
}
