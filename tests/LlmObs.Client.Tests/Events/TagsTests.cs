namespace LlmObs.Client.Tests;

public sealed class TagsTests
{
    public static TheoryData<object?, string> Forms => new()
    {
        { "env:ci", "\"env:ci\"" }, { "env:ci, team:search;x", "\"env:ci\",\"team:search\",\"x\"" }, { ",; ", "" }, { "[\"a,b\",\"c\"]", "\"a,b\",\"c\"" },
        { new[] { "a,b", "c" }, "\"a,b\",\"c\"" }, { new List<object> { "a" }, "\"a\"" }, { Array.Empty<string>(), "" }, { 5, "\"5\"" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Tags_come_as_a_list_or_as_people_write_them_in_a_cell(object? given, string tags)
    {
        string own = tags.Length > 0 ? ",\"tags\":[" + tags + "]" : ""; // an empty list is no list
        JsonAssert.Same(EventJson.Span("\"status\":\"ok\"" + own), EventJson.Write(TableRow.Span(("tags", given))));
        string more = tags.Length > 0 ? tags + ",\"all:1\"" : "\"all:1\"";
        JsonAssert.Same(
            EventJson.Span("\"status\":\"ok\",\"tags\":[" + more + "]"),
            EventJson.Write(TableRow.Span(("tags", given)), null, new EventDefaults { Tags = ["all:1"] }));
    }

    [Fact]
    public void Without_tags_the_field_is_absent_and_tags_for_all_stand_alone()
    {
        Assert.DoesNotContain("tags", EventJson.Write(TableRow.Span(("tags", null))), StringComparison.Ordinal);
        Assert.DoesNotContain("tags", EventJson.Write(TableRow.Metric(("tags", " "), ("score_value", 1))), StringComparison.Ordinal);
        Assert.Contains("\"tags\":[\"a\",\"b\"]", EventJson.Write(TableRow.Span(), null, new EventDefaults { Tags = ["a", "b"] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"a\"")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    public void A_list_that_is_none_is_refused(string text) => Assert.Equal("tags", EventJson.Refusal(TableRow.Span(("tags", text))).Field);

    [Fact]
    public void A_list_that_is_nested_without_end_is_refused() =>
        Assert.Equal("tags", EventJson.Refusal(TableRow.Span(("tags", new string('[', 100) + new string(']', 100)))).Field);

    [Fact]
    public void Half_a_character_in_a_tag_is_refused()
    {
        Assert.Equal("tags", EventJson.Refusal(TableRow.Span(("tags", "cut\ud83d, b"))).Field);
        Assert.StartsWith("tags", EventJson.Refusal(TableRow.Span(("tags", new[] { "cut\ud83d" }))).Field, StringComparison.Ordinal);
    }
}
