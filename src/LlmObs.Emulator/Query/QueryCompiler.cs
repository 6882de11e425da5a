namespace LlmObs.Emulator.Query;

/// <summary>Turns a query's tree into what is asked of each event.</summary>
internal static class QueryCompiler
{
    public static EventPredicate Compile(QueryNode node) => node switch
    {
        QueryNode.Term term => new TextPredicate(new TextTest(term.Word)),
        QueryNode.Value { Word.Pattern: { } pattern } value => Field(value.Field, new PatternTest(pattern)),
        QueryNode.Value value => Field(value.Field, new EqualTest(value.Word.Text)),
        QueryNode.Exists exists => Field(exists.Field, new ValueTest.Any()),
        QueryNode.Range range => Field(range.Field, new RangeTest(range.Low, range.High)),
        QueryNode.Not not => new EventPredicate.Not(Compile(not.Part)),
        QueryNode.And and => new EventPredicate.And([.. and.Parts.Select(Compile)]),
        QueryNode.Or or => new EventPredicate.Or([.. or.Parts.Select(Compile)]),
        _ => new EventPredicate.Everything(),
    };

    private static FieldPredicate Field(QueryField field, ValueTest test) => new(
        field.IsAttribute ? FieldCatalog.FindAttribute(field.Name) : FieldCatalog.FindReservedOrTag(field.Name), test);
}
