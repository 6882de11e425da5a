using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmObs.Emulator.Query;

namespace LlmObs.Emulator.Tests.Properties;

/// <summary>Makes queries as trees, writes them as text, and prints trees in one form, so that two can be compared.</summary>
internal static class QueryTrees
{
    private const string Special = "()[]{}\"\\:*?<>=!-@ \t,.";

    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.Elements("a", "paris", "AND", "OR", "NOT", "TO", "-1", "1.5", "1e400", "ß漢", "\uD83D\uDE00", "x y", "-", "!", "@"),
        Gen.OneOf(Gen.Choose('a', 'z').Select(code => (char)code), Gen.Elements(Special.ToCharArray())).NonEmptyListOf().Select(letters => string.Concat(letters)));

    private static readonly Gen<QueryField> Field =
        from name in Gen.Elements("label", "score_value", "metadata.a", "tags", "x-y", "größe")
        from isAttribute in Gen.Elements(true, false)
        select new QueryField(name, isAttribute);

    private static readonly Gen<QueryBound?> Bound = Gen.OneOf(
        Gen.Constant<QueryBound?>(null),
        from word in Word
        from isInclusive in Gen.Elements(true, false)
        select (QueryBound?)new QueryBound(word, isInclusive));

    private static readonly Gen<QueryNode> Leaf = Gen.OneOf(
        Word.Select(word => (QueryNode)new QueryNode.Term(new QueryWord(word))),
        from field in Field
        from word in Word
        select (QueryNode)new QueryNode.Value(field, new QueryWord(word)),
        Field.Select(field => (QueryNode)new QueryNode.Exists(field)),
        from field in Field
        from low in Bound
        from high in Bound
        where low is not null || high is not null
        select (QueryNode)new QueryNode.Range(field, low, high));

    public static Gen<QueryNode> Query { get; } = Gen.Sized(size => Nested(Math.Min(size, 30)));

    /// <summary>The tree as a query, everything that could mean something else in quotes.</summary>
    public static string Print(QueryNode node) => node switch
    {
        QueryNode.Term term => Quoted(term.Word.Text),
        QueryNode.Value value => $"{Name(value.Field)}:{Quoted(value.Word.Text)}",
        QueryNode.Exists exists => $"{Name(exists.Field)}:*",
        QueryNode.Range range => $"{Name(range.Field)}:{(range.Low?.IsInclusive == true ? '[' : '{')}{End(range.Low)} TO {End(range.High)}{(range.High?.IsInclusive == true ? ']' : '}')}",
        QueryNode.Not not => $"NOT ({Print(not.Part)})",
        QueryNode.And and => string.Join(" AND ", and.Parts.Select(part => $"({Print(part)})")),
        QueryNode.Or or => string.Join(" OR ", or.Parts.Select(part => $"({Print(part)})")),
        _ => "*",
    };

    /// <summary>The tree in a form that is the same for the same tree only.</summary>
    public static string Say(QueryNode node) => node switch
    {
        QueryNode.Term term => $"term<{term.Word.Text}>{(term.Word.Pattern is null ? string.Empty : "~")}",
        QueryNode.Value value => $"value<{value.Field}|{value.Word.Text}>{(value.Word.Pattern is null ? string.Empty : "~")}",
        QueryNode.Exists exists => $"exists<{exists.Field}>",
        QueryNode.Range range => $"range<{range.Field}|{range.Low}|{range.High}>",
        QueryNode.Not not => $"not({Say(not.Part)})",
        QueryNode.And and => $"and({string.Join(',', and.Parts.Select(Say))})",
        QueryNode.Or or => $"or({string.Join(',', or.Parts.Select(Say))})",
        _ => "all",
    };

    private static Gen<QueryNode> Nested(int size) => size == 0 ? Leaf : Gen.Frequency(
        (3, Leaf),
        (1, Nested(size / 2).Where(part => part is not QueryNode.Not).Select(part => (QueryNode)new QueryNode.Not(part))),
        (1, Nested(size / 3).ListOf(2).Select(parts => (QueryNode)new QueryNode.And([.. parts]))),
        (1, Nested(size / 3).ListOf(3).Select(parts => (QueryNode)new QueryNode.Or([.. parts]))));

    private static string Name(QueryField field) => (field.IsAttribute ? "@" : string.Empty)
        + string.Concat(field.Name.Select(letter => char.IsLetterOrDigit(letter) ? letter.ToString() : "\\" + letter));

    private static string End(QueryBound? bound) => bound is null ? "*" : Quoted(bound.Text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in text)
        {
            quoted.Append(letter is '"' or '\\' ? "\\" : string.Empty).Append(letter);
        }

        return quoted.Append('"').ToString();
    }
}
