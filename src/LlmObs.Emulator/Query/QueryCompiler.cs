namespace LlmObs.Emulator.Query;

/// <summary>Turns a query's tree into a predicate of events.</summary>
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

    private static EventPredicate Field(QueryField name, ValueTest test)
    {
        QueryableField field = name.IsAttribute ? FieldCatalog.FindAttribute(name.Name) : FieldCatalog.FindReservedOrTag(name.Name);
        var predicate = new FieldPredicate(field, test);
        return field is NumberedField numbered ? new NumberedPredicate(numbered, predicate) : predicate;
    }
}

/// <summary>The answers of a predicate on a numbered field, each found out once.</summary>
/// <param name="field">The field.</param>
/// <param name="predicate">What is asked of it.</param>
internal sealed class NumberedPredicate(NumberedField field, FieldPredicate predicate) : EventPredicate
{
    private readonly Dictionary<int, bool> _answers = [];

    public override bool Matches(EventView view)
    {
        int number = field.NumberOf(view);
        if (!_answers.TryGetValue(number, out bool answer))
        {
            answer = predicate.Matches(view);
            _answers.Add(number, answer);
        }

        return answer;
    }
}

/// <summary>True if any value of a field passes a test.</summary>
internal sealed class FieldPredicate(QueryableField field, ValueTest test) : EventPredicate
{
    private readonly List<FieldValue> _values = [];

    public override bool Matches(EventView view)
    {
        _values.Clear();
        field.Collect(view, _values);
        foreach (FieldValue value in _values)
        {
            if (test.Matches(in value))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>
/// Full text: looks for a term in the label, the categorical value, the reasoning, the tags, the span's name, and every
/// text within its input, output and expected output.
/// </summary>
/// <param name="test">The term.</param>
internal sealed class TextPredicate(TextTest test) : EventPredicate
{
    private static readonly JsonPath Reasoning = new("reasoning");
    private static readonly TagsField Tags = new();
    private static readonly JsonPath[] SpanTexts = [new("meta.input"), new("meta.output"), new("meta.expected_output")];

    private readonly List<FieldValue> _values = [];

    public override bool Matches(EventView view)
    {
        if (test.Matches(view.Label) || test.Matches(view.Category))
        {
            return true;
        }

        if (view.TryGetSpan(out StoredSpan span) && test.Matches(view.SpanName(in span)))
        {
            return true;
        }

        _values.Clear();
        Reasoning.Collect(view.MetricJson, _values);
        Tags.Collect(view, _values);
        foreach (JsonPath path in SpanTexts)
        {
            path.CollectTexts(view.SpanJson, _values);
        }

        return _values.Exists(value => value.Kind == FieldKind.Text && test.Matches(value.Text));
    }
}

/// <summary>True if an event matches a query. Used by one thread at a time.</summary>
internal abstract class EventPredicate
{
    public abstract bool Matches(EventView view);

    internal sealed class Everything : EventPredicate
    {
        public override bool Matches(EventView view) => true;
    }

    internal sealed class Not(EventPredicate part) : EventPredicate
    {
        public override bool Matches(EventView view) => !part.Matches(view);
    }

    internal sealed class And(EventPredicate[] parts) : EventPredicate
    {
        public override bool Matches(EventView view)
        {
            foreach (EventPredicate part in parts)
            {
                if (!part.Matches(view))
                {
                    return false;
                }
            }

            return true;
        }
    }

    internal sealed class Or(EventPredicate[] parts) : EventPredicate
    {
        public override bool Matches(EventView view)
        {
            foreach (EventPredicate part in parts)
            {
                if (part.Matches(view))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
