using LlmObs.Emulator.Query;
using LlmObs.Emulator.Tests.Support;

namespace LlmObs.Emulator.Tests;

public sealed class SearchTests(SearchData data) : IClassFixture<SearchData>
{
    [Theory]
    // everything
    [InlineData("", "1 2 3 4 5 6")]
    [InlineData("   ", "1 2 3 4 5 6")]
    [InlineData("*", "1 2 3 4 5 6")]
    [InlineData("NOT *", "")]
    // attributes: by case and as a whole
    [InlineData("@label:faithfulness", "1 2")]
    [InlineData("@label:Faithfulness", "")]
    [InlineData("@label:faith", "")]
    [InlineData("label:faithfulness", "1 2")]
    [InlineData("@label:\"faithfulness\"", "1 2")]
    [InlineData("@label:\"two words\"", "6")]
    [InlineData("@label:two\\ words", "6")]
    [InlineData("@metric_type:score", "1 2 5")]
    [InlineData("@assessment:pass", "1 3")]
    [InlineData("@assessment:fail", "2")]
    [InlineData("@span_id:s1", "1 3 5")]
    [InlineData("@categorical_value:correct", "4")]
    [InlineData("@boolean_value:true", "3")]
    [InlineData("@boolean_value:false", "")]
    // numbers
    [InlineData("@score_value:0.5", "2")]
    [InlineData("@score_value:0.50", "2")]
    [InlineData("@score_value:5e-1", "2")]
    [InlineData("@score_value:>0.5", "1")]
    [InlineData("@score_value:>=0.5", "1 2")]
    [InlineData("@score_value:<0.5", "5")]
    [InlineData("@score_value:<=-1", "5")]
    [InlineData("@score_value:-1", "5")]
    [InlineData("@score_value:(-1 OR 0.5)", "2 5")]
    [InlineData("@score_value:[0.5 TO 0.9]", "1 2")]
    [InlineData("@score_value:{0.5 TO 0.9]", "1")]
    [InlineData("@score_value:[0.5 TO 0.9}", "2")]
    [InlineData("@score_value:{0.5 TO 0.9}", "")]
    [InlineData("@score_value:[* TO 0.5]", "2 5")]
    [InlineData("@score_value:[0 TO *]", "1 2")]
    [InlineData("@score_value:[\"-2\" TO -0.5]", "5")]
    [InlineData("@score_value:[ 0.5  TO  0.9 ]", "1 2")]
    [InlineData("@score_value:>abc", "")]
    [InlineData("@start_ns:1705314600000000001", "1 3 5")]
    [InlineData("@start_ns:1705314600000000002", "2")]
    [InlineData("@duration:>=2000", "2")]
    [InlineData("@metadata.version:>2", "1")]
    [InlineData("@label:[f TO g]", "1 2")]
    // existence
    [InlineData("@score_value:*", "1 2 5")]
    [InlineData("-@score_value:*", "3 4 6")]
    [InlineData("@reasoning:*", "1")]
    [InlineData("@nobody:*", "")]
    // wildcards
    [InlineData("@label:faith*", "1 2")]
    [InlineData("@label:*ness", "1 2")]
    [InlineData("@label:f?ithfulness", "1 2")]
    [InlineData("@label:FAITH*", "")]
    [InlineData("@label:*o*", "4 6")]
    [InlineData("@label:\"faith*\"", "")]
    [InlineData("@categorical_value:a\\*b", "6")]
    [InlineData("@categorical_value:\"a*b\"", "6")]
    [InlineData("@span_id:s?", "1 2 3 4 5")]
    // negation
    [InlineData("-@label:faithfulness", "3 4 5 6")]
    [InlineData("!@label:faithfulness", "3 4 5 6")]
    [InlineData("NOT @label:faithfulness", "3 4 5 6")]
    [InlineData("NOT NOT @label:faithfulness", "1 2")]
    [InlineData("--@label:faithfulness", "1 2")]
    [InlineData("-(@span_id:s1 OR @span_id:s2)", "4 6")]
    // operators and their order
    [InlineData("@span_id:s1 @metric_type:score", "1 5")]
    [InlineData("@span_id:s1 AND @metric_type:score", "1 5")]
    [InlineData("@span_id:s1 OR @span_id:s2", "1 2 3 5")]
    [InlineData("@span_id:s2 OR @span_id:s1 @metric_type:boolean", "2 3")]
    [InlineData("(@span_id:s2 OR @span_id:s1) @metric_type:boolean", "3")]
    [InlineData("@span_id:s1 -@metric_type:score", "3")]
    [InlineData("@span_id:s1 AND NOT @metric_type:score", "3")]
    [InlineData("@label:(faithfulness OR tone)", "1 2 4")]
    [InlineData("@label:(faith* AND -tone)", "1 2")]
    [InlineData("@label:(tone OR \"two words\")", "4 6")]
    [InlineData("@score_value:(>0.5 OR <0)", "1 5")]
    [InlineData("((((@label:tone))))", "4")]
    // tags
    [InlineData("env:prod", "1 4")]
    [InlineData("env:dev", "1 2 3 5")]
    [InlineData("env:PROD", "")]
    [InlineData("env:*", "1 2 3 4 5")]
    [InlineData("env:(prod OR dev)", "1 2 3 4 5")]
    [InlineData("team:a\\:b", "5")]
    [InlineData("team:a:b", "5")]
    [InlineData("tags:\"env:prod\"", "1 4")]
    [InlineData("@tags:env*", "1 2 3 4 5")]
    // spans, experiments and nested values
    [InlineData("@name:answer", "1 2 3 5")]
    [InlineData("@status:error", "2")]
    [InlineData("@status:ok", "1 3 5")]
    [InlineData("@trace_id:t-s1", "1 3 5")]
    [InlineData("@trace_id:own", "4")]
    [InlineData("@project_id:project", "1 2 3 4 5 6")]
    [InlineData("@meta.input.question:*Paris*", "1 3 5")]
    [InlineData("@input.question:*Paris*", "1 3 5")]
    [InlineData("@meta.input.tokens:12", "1 3 5")]
    [InlineData("@output:Berlin", "2")]
    [InlineData("@metadata.model:m1", "1")]
    [InlineData("@metadata.dotted.key:yes", "1")]
    [InlineData("@metadata.list:b", "1")]
    [InlineData("@json_value.inner.x:1", "6")]
    [InlineData("@error.message:late", "6")]
    [InlineData("@experiment.name:search", "1 2 3 4 5 6")]
    [InlineData("@experiment:search", "1 2 3 4 5 6")]
    [InlineData("@experiment.config.temperature:0.2", "1 2 3 4 5 6")]
    [InlineData("@experiment.metadata.owner.team:qa", "1 2 3 4 5 6")]
    [InlineData("@experiment.status:*", "")]
    [InlineData("@dataset_version:3", "1 2 3 4 5 6")]
    [InlineData("@metric.label:tone", "4")]
    [InlineData("@span.status:error", "2")]
    // full text: any case, whole words
    [InlineData("faithfulness", "1 2")]
    [InlineData("FAITHFULNESS", "1 2")]
    [InlineData("faith", "")]
    [InlineData("faith*", "1 2")]
    [InlineData("paris", "1 3 5")]
    [InlineData("\"capital of france\"", "1 3 5")]
    [InlineData("\"capital france\"", "")]
    [InlineData("capital france", "1 3 5")]
    [InlineData("berlin", "2")]
    [InlineData("grounded", "1")]
    [InlineData("gr?unded", "1")]
    [InlineData("correct", "4")]
    [InlineData("-paris", "2 4 6")]
    [InlineData("paris AND grounded", "1")]
    [InlineData("and", "1")]
    [InlineData("größe", "4")]
    public async Task A_query_finds(string query, string expected)
    {
        string[] found = await data.FindAsync(query);

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), found);
    }

    [Fact]
    public async Task An_experiments_id_finds_its_events() =>
        Assert.Equal(6, (await data.FindAsync($"@experiment_id:{data.Id} @project_id:project")).Length);

    [Theory]
    [InlineData("@label:", 8, "a value")]
    [InlineData("@label: x", 8, "a value")]
    [InlineData("@label:\"open", 8, "a closing '\"'")]
    [InlineData("@label", 7, "':' and a value")]
    [InlineData("(a OR b", 1, "a ')' for the '('")]
    [InlineData("a OR b)", 7, "the end of the query")]
    [InlineData("()", 2, "a term")]
    [InlineData("a AND", 6, "a term")]
    [InlineData("a OR", 5, "a term")]
    [InlineData("AND a", 1, "a term")]
    [InlineData("OR", 1, "a term")]
    [InlineData("a AND OR b", 7, "a term")]
    [InlineData("NOT", 4, "a term")]
    [InlineData("-", 2, "a term")]
    [InlineData(":x", 1, "a term")]
    [InlineData("@:x", 1, "a field name")]
    [InlineData("@la*:x", 1, "a field name")]
    [InlineData("x @label:[1 2]", 13, "'TO'")]
    [InlineData("@label:[1 TO 2", 15, "']' or '}'")]
    [InlineData("@label:[1 TO ]", 14, "the upper end")]
    [InlineData("@label:[ TO 2]", 10, "the lower end")]
    [InlineData("@label:[1* TO 2]", 9, "the lower end")]
    [InlineData("@label:>", 9, "a number or a text")]
    [InlineData("@label:>=*", 10, "a number or a text")]
    [InlineData("@label:(a OR )", 14, "a value")]
    [InlineData("@label:(a", 8, "a ')' for the '('")]
    [InlineData("a\\", 3, "a character after '\\'")]
    [InlineData("[a", 1, "a term")]
    [InlineData("a]", 2, "the end of the query")]
    [InlineData("\"unclosed", 1, "a closing '\"'")]
    public async Task A_query_that_does_not_parse_says_what_was_expected_and_where(string query, int character, string expected)
    {
        Reply reply = await data.AskAsync(query);

        reply.MustRefuse(400, "/data/attributes/aggregate/search/query");
        Assert.Contains($"expected {expected}", reply.Detail, StringComparison.Ordinal);
        Assert.Contains($" at character {character}: ", reply.Detail, StringComparison.Ordinal);
        Assert.Contains("<here>" + query[(character - 1)..], reply.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('(', 50_000)]
    [InlineData('-', 99_999)]
    [InlineData('!', 99_999)]
    [InlineData('"', 99_999)]
    [InlineData('\\', 99_999)]
    [InlineData('[', 99_999)]
    public async Task A_query_of_one_character_over_and_over_is_refused(char character, int count) =>
        (await data.AskAsync(new string(character, count))).MustRefuse(400, "/data/attributes/aggregate/search/query");

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "no more than 100 parentheses")]
    public void Parentheses_may_lie_100_deep(int depth, string? fault)
    {
        string? found = QueryParser.Parse(new string('(', depth) + "a" + new string(')', depth), out _);

        Assert.Equal(fault is null, found is null);
        Assert.Contains(fault ?? string.Empty, found ?? string.Empty, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void A_query_may_have_1000_terms(int terms, bool parses) =>
        Assert.Equal(parses, QueryParser.Parse(string.Join(" OR ", Enumerable.Repeat("a", terms)), out _) is null);

    [Fact]
    public async Task A_query_over_its_length_is_refused() =>
        (await data.AskAsync(new string('a', 100_001))).MustRefuse(400, "/data/attributes/aggregate/search/query");
}
