namespace LlmObs.Client.Writing;

/// <summary>Whether <c>value</c>, where it stands beside the value of a type, says the same.</summary>
internal static class ValueAgreement
{
    /// <exception cref="EventRowException">It says something else.</exception>
    public static void Check(EventRow row, EventField field, string type)
    {
        // Of an object, what shows it is seldom more than its beginning.
        if (type == MetricType.Json || row.Get(EventField.Value).IsBlank)
        {
            return;
        }

        object shown = Read(row, EventField.Value, type);
        if (!shown.Equals(Read(row, field, type)))
        {
            string other = $"{FieldNames.ApiName(field)} is {Shown(row, field)}";
            throw EventRowException.For(EventField.Value, $"is {Shown(row, EventField.Value)}, and {other}; leave one out");
        }
    }

    private static object Read(EventRow row, EventField field, string type) => type switch
    {
        MetricType.Score => FieldParser.Score(row.Get(field), field),
        MetricType.Boolean => FieldParser.Boolean(row.Get(field), field),
        _ => FieldParser.Text(row.Get(field), field),
    };

    private static string Shown(EventRow row, EventField field) => row.Get(field).ToString();
}
