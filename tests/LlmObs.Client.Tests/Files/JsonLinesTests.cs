using System.Text;

namespace LlmObs.Client.Tests;

public sealed class JsonLinesTests
{
    [Fact]
    public void A_broken_line_is_one_error_and_the_others_go_on()
    {
        WrittenRows rows = TemporaryFile.Read(".jsonl",
            Metric("s1") + "\r\n" + "{\"span_id\":\"s2\",\n" + "\n   \n" + Metric("s3") + "\n42\nnull\n\"text\"\n" + Metric("s4") + " trailing\n" + Metric("s5"));
        Assert.Equal(["s1", "s3", "s5"], rows.Events.Select(Id));
        Assert.Equal([2L, 6, 7, 8, 9], rows.Problems.Select(problem => problem.Place.Line > 0 ? problem.Place.Line : problem.Place.Row));
        Assert.Equal(["{\"span_id\":\"s2\",", "42", "null", "\"text\"", Metric("s4") + " trailing"], rows.Problems.Select(problem => problem.Text));
    }

    [Fact]
    public void A_line_may_hold_a_list_or_a_payload()
    {
        WrittenRows rows = TemporaryFile.Read(".jsonl",
            "[" + Metric("s1") + "," + Metric("s2") + "]\n{\"metrics\":[" + Metric("s3") + "]}\n{\"data\":{\"type\":\"events\",\"attributes\":{\"metrics\":[" + Metric("s4") + "]}}}");
        Assert.Equal(["s1", "s2", "s3", "s4"], rows.Events.Select(Id));
        Assert.Equal([1L, 1, 2, 3], rows.Places.Select(place => place.Row));
    }

    [Fact]
    public void Lines_of_every_length_are_read_whole()
    {
        var random = new Random(5);
        int[] lengths = [.. Enumerable.Range(0, 60).Select(_ => random.Next(1, 150_000)), 65_536, 65_535, 131_072, 400_000];
        var text = new StringBuilder();
        foreach (int length in lengths)
        {
            text.Append("{\"span_id\":\"s\",\"label\":\"l\",\"value\":1,\"timestamp_ms\":0,\"reasoning\":\"").Append('x', length).Append("\"}\n");
        }

        WrittenRows rows = TemporaryFile.Read(".jsonl", text.ToString());
        Assert.Empty(rows.Problems);
        Assert.Equal(lengths, rows.Events.Select(json => json.Count(c => c == 'x')));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_one_error_and_never_sent()
    {
        byte[] file = [.. Encoding.UTF8.GetBytes(Metric("s1") + "\n"), .. Encoding.Latin1.GetBytes(Metric("naïve") + "\n"), .. Encoding.UTF8.GetBytes(Metric("s3"))];
        WrittenRows rows = TemporaryFile.Read(".jsonl", file);
        Assert.Equal(["s1", "s3"], rows.Events.Select(Id));
        Assert.Contains("is not UTF-8", Assert.Single(rows.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"\\ud83d\":1}")]
    [InlineData("{\"spans\":[],\"\\ud83d\":1}")]
    [InlineData("{\"span_id\":\"s\",\"label\":\"l\",\"value\":\"\\ud83d\"}")]
    [InlineData("{\"span_id\":\"s\",\"label\":\"l\",\"value\":1,\"timestamp_ms\":\"\\ud83d\"}")]
    [InlineData("{\"span_id\":\"s\",\"label\":\"l\",\"value\":1,\"tags\":\"\\ud83d\"}")]
    [InlineData("{\"span_id\":\"s\",\"label\":\"l\",\"value\":1,\"assessment\":\"\\ud83d\"}")]
    public void Text_that_was_cut_inside_a_character_is_one_error_and_the_others_go_on(string line)
    {
        WrittenRows rows = TemporaryFile.Read(".jsonl", Metric("s1") + "\n" + line + "\n" + Metric("s3"));
        Assert.Equal(["s1", "s3"], rows.Events.Select(Id));
        Assert.Equal(2, Assert.Single(rows.Problems).Place.Row);
    }

    private static string Metric(string id) => "{\"span_id\":\"" + id + "\",\"label\":\"l\",\"value\":1,\"timestamp_ms\":1700000000000}";

    private static string Id(string json) => json.Split('"')[3];
}
