using System.Text;

namespace LlmObs.Client.Tests;

/// <summary>NaN, Infinity and -Infinity, which Python writes into JSON: values that can't be sent, and no end of the file.</summary>
public sealed class NumberWordsTests
{
    private const string Rest = "\"timestamp_ms\":1700000000000";

    public static TheoryData<string, string> Forms => new()
    {
        { ".json", "[{0},\n {1},\n {2},\n {3}]" },
        { ".json", "{{\"metrics\":[{0},{1},{2},{3}]}}" },
        { ".jsonl", "{0}\n{1}\n{2}\n{3}\n" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_number_that_json_has_no_word_for_is_an_error_of_its_row_only(string extension, string form)
    {
        foreach ((string word, string shown) in new[] { ("NaN", "NaN"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity") })
        {
            string[] rows = [Metric("a", "0.5"), Metric("b", word), Metric("c", "-1"), Metric("d", "1")];
            WrittenRows read = TemporaryFile.Read(extension, string.Format(System.Globalization.CultureInfo.InvariantCulture, form, rows));
            Assert.Equal(["a", "c", "d"], read.Events.Select(json => json.Split('"')[3]));
            (RowPlace place, string message, _) = Assert.Single(read.Problems);
            Assert.Equal(2, place.Row);
            Assert.Equal($"score_value is '{shown}', which JSON cannot represent", message);
        }
    }

    [Theory]
    [InlineData(".json")]
    [InlineData(".jsonl")]
    public void Inside_of_a_value_it_is_an_error_that_names_the_field(string extension)
    {
        const string span = """{"trace_id":"t","span_id":"s","name":"n","start_ns":1700000000000000000,"duration":5,"metadata":{"loss":[1,NaN]},"input":"NaN, Infinity"}""";
        WrittenRows read = TemporaryFile.Read(extension, span + "\n" + span.Replace(",NaN]", "]", StringComparison.Ordinal));
        Assert.Equal("metadata holds NaN, which JSON cannot represent", Assert.Single(read.Problems).Message);
        Assert.Contains("\"NaN, Infinity\"", Assert.Single(read.Events), StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_found_wherever_a_buffer_ends()
    {
        // The words are at every distance from the end of the reader's first buffer of 64 KiB.
        for (int shift = 0; shift < 12; shift++)
        {
            string text = new('x', (64 * 1024) - 100 + shift);
            string file = $"[{Metric("a", "1", text)},{Metric("b", "-Infinity")},{Metric("c", "NaN", "\\\"NaN")},{Metric("d", "2")}]";
            WrittenRows read = TemporaryFile.Read(".json", file);
            Assert.Equal(["a", "d"], read.Events.Select(json => json.Split('"')[3]));
            Assert.Equal([2L, 3], read.Problems.Select(problem => problem.Place.Row));
        }
    }

    [Fact]
    public void Many_in_one_value_are_gone_through_once()
    {
        string vector = string.Join(',', Enumerable.Repeat("NaN", 200_000));
        WrittenRows read = TemporaryFile.Read(".json", $"[{Metric("a", "1").Replace("\"r\"", $"[{vector}]", StringComparison.Ordinal)},{Metric("b", "2")}]");
        Assert.Equal("reasoning holds NaN, which JSON cannot represent", Assert.Single(read.Problems).Message);
        Assert.Single(read.Events);
    }

    [Theory]
    [InlineData("Nan")]
    [InlineData("NaN1")]
    [InlineData("+Infinity")]
    [InlineData("-NaN")]
    [InlineData("Inf")]
    [InlineData("N")]
    public void Other_words_are_no_json_and_what_was_not_read_is_said(string word)
    {
        WrittenRows read = TemporaryFile.Read(".json", $"[{Metric("a", "1")},{Metric("b", word)},{Metric("c", "1")}]");
        Assert.Single(read.Events);
        (RowPlace place, string message, _) = Assert.Single(read.Problems);
        Assert.Equal(2, place.Row);
        Assert.Matches("^the file is not JSON from here on: .*; this row and the rest of the file, [0-9]+ bytes, were not read$", message);
    }

    [Fact]
    public void In_a_column_of_json_it_is_named_as_well()
    {
        var options = new EventFileOptions { JsonColumns = new HashSet<string>(["input"], StringComparer.OrdinalIgnoreCase) };
        WrittenRows read = TemporaryFile.Read(".csv", "trace_id,span_id,name,start_ns,duration,input\nt,s,n,0,5,\"{\"\"a\"\":NaN}\"\n", options);
        Assert.Equal("input holds NaN, which JSON cannot represent", Assert.Single(read.Problems).Message);
    }

    [Fact]
    public void The_text_of_a_row_that_is_refused_is_as_it_was()
    {
        byte[] row = [.. Encoding.UTF8.GetBytes("{\"span_id\":\"s\",\"label\":\"l\",\"score_value\":NaN,\"reasoning\":\""), 0xFF, (byte)'"', (byte)'}'];
        Assert.Contains(":NaN,", Assert.Single(TemporaryFile.Read(".json", row).Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_one_after_the_other_are_read_from_a_file_that_is_called_json()
    {
        WrittenRows read = TemporaryFile.Read(".json", $"{Metric("a", "1")}\n{Metric("b", "NaN")}\n[{Metric("c", "2")}]\n");
        Assert.Equal(["a", "c"], read.Events.Select(json => json.Split('"')[3]));
        Assert.Equal(2, Assert.Single(read.Problems).Place.Row);
    }

    private static string Metric(string span, string value, string reasoning = "r") =>
        $$"""{"span_id":"{{span}}","label":"l","score_value":{{value}},{{Rest}},"reasoning":"{{reasoning}}"}""";
}
