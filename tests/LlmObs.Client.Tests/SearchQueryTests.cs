namespace LlmObs.Client.Tests;

public sealed class SearchQueryTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  ", "")]
    [InlineData(" @a:b ", "@a:b")]
    [InlineData("a OR b", "a OR b")]
    public void Without_conditions_the_query_stays_as_it_was_written(string? query, string expected) =>
        Assert.Equal(expected, SearchQuery.Combine(query, []));

    [Theory]
    [InlineData(null, "@label:x")]
    [InlineData("a", "a @label:x")]
    [InlineData("a OR b", "(a OR b) @label:x")]
    [InlineData("a\nOR\nb", "(a\nOR\nb) @label:x")]
    [InlineData("a\tOR\tb", "(a\tOR\tb) @label:x")]
    public void A_query_of_several_words_is_one_term_beside_the_conditions(string? query, string expected) =>
        Assert.Equal(expected, SearchQuery.Combine(query, Condition("label", "x")));

    [Theory]
    [InlineData("faithfulness", "faithfulness")]
    [InlineData("a_b-c.d1", "a_b-c.d1")]
    [InlineData("3fd6b5e0-8910-4b1c-a7d0-5b84de329012", "3fd6b5e0-8910-4b1c-a7d0-5b84de329012")]
    [InlineData("-x", "\"-x\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a*", "\"a*\"")]
    [InlineData("a:b", "\"a:b\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("x) OR (y", "\"x) OR (y\"")]
    [InlineData("OR", "\"OR\"")]
    [InlineData("AND", "\"AND\"")]
    [InlineData("NOT", "\"NOT\"")]
    [InlineData("TO", "\"TO\"")]
    [InlineData("größe", "\"größe\"")]
    [InlineData("", "\"\"")]
    public void A_value_that_would_be_read_as_syntax_is_quoted(string value, string written) =>
        Assert.Equal($"@label:{written}", SearchQuery.Combine(null, Condition("label", value)));

    [Fact]
    public void Several_values_of_a_field_are_alternatives_and_fields_without_values_are_left_out() => Assert.Equal(
        "@experiment_id:(e1 OR \"e 2\") @label:x",
        SearchQuery.Combine(null, Condition("experiment_id", "e1", "e 2"), Condition("span_id"), Condition("label", "x")));

    private static KeyValuePair<string, IReadOnlyList<string>> Condition(string field, params string[] values) => new(field, values);
}
