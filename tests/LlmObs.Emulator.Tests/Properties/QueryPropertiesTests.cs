using FsCheck;
using FsCheck.Fluent;
using LlmObs.Emulator.Query;

namespace LlmObs.Emulator.Tests.Properties;

/// <summary>Any query is understood as it was meant, or refused with the position.</summary>
public sealed class QueryPropertiesTests
{
    private static readonly Gen<string> Pieces = Gen.Elements(
        "a", "label", "@x", ":", "*", "?", "\"", "\\", "(", ")", "[", "]", "{", "}", " ", " AND ", " OR ", "NOT ", " TO ", "-", "!", ">", "<", "=", "1", ".", "\0", "\uD800", "ß")
        .ListOf().Select(string.Concat);

    [Fact]
    public void A_query_is_understood_as_it_was_meant() => Holds.ForAll(Arb.From(QueryTrees.Query), tree =>
    {
        Assert.Null(QueryParser.Parse(QueryTrees.Print(tree), out QueryNode? parsed));
        Assert.Equal(QueryTrees.Say(tree), QueryTrees.Say(parsed!));
    });

    [Fact]
    public void What_a_user_asks_for_by_value_is_asked_for_by_that_value_and_nothing_else() => Holds.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString[]>(),
        values =>
        {
            string[] sought = [.. values.Select(value => value.Get)];
            string query = LlmObs.Client.Api.SearchQuery.Combine("a OR b", new KeyValuePair<string, IReadOnlyList<string>>("label", sought));
            Assert.Null(QueryParser.Parse(query, out QueryNode? node));
            QueryNode own = new QueryNode.Or([Term("a"), Term("b")]);
            QueryNode[] asked = [.. sought.Select(value => new QueryNode.Value(new QueryField("label", true), new QueryWord(value)))];
            QueryNode? condition = asked.Length switch { 0 => null, 1 => asked[0], _ => new QueryNode.Or(asked) };
            Assert.Equal(QueryTrees.Say(condition is null ? own : new QueryNode.And([own, condition])), QueryTrees.Say(node!));
        });

    [Fact]
    public void Any_text_is_a_query_or_an_error_that_says_where() => Holds.ForAll(
        Arb.From(Pieces),
        text =>
        {
            string? problem = QueryParser.Parse(text, out QueryNode? node);
            Assert.Equal(problem is null, node is not null);
            Assert.True(problem is null || problem.Contains("at character", StringComparison.Ordinal), problem);
        },
        times: 3000);

    [Fact]
    public void What_was_understood_means_the_same_when_it_is_written_again() => Holds.ForAll(
        Arb.From(Pieces),
        text =>
        {
            // Wildcards have no quoted form.
            if (QueryParser.Parse(text, out QueryNode? node) is null && !QueryTrees.Say(node!).Contains('~', StringComparison.Ordinal))
            {
                Assert.Null(QueryParser.Parse(QueryTrees.Print(node!), out QueryNode? again));
                Assert.Equal(QueryTrees.Say(node!), QueryTrees.Say(again!));
            }
        },
        times: 3000);

    private static QueryNode.Term Term(string text) => new(new QueryWord(text));
}
