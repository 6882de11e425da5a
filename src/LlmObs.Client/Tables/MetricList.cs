using System.Text;

namespace LlmObs.Client.Tables;

/// <summary>A metric in a list of metrics: <c>{"name": …, "score": …, "success": …, "reason": …}</c>.</summary>
/// <param name="Value">Its value, JSON.</param>
/// <param name="Assessment">Its assessment, JSON; empty if it has none.</param>
/// <param name="Reasoning">The reason, JSON; empty if it has none.</param>
internal sealed record ListedMetric(string Label, ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Assessment, ReadOnlyMemory<byte> Reasoning)
{
    /// <summary>Why there is no value: text or an object, JSON; empty if there is one, or no reason.</summary>
    public ReadOnlyMemory<byte> Error { get; init; }
}

/// <summary>Reads cells that hold a list of metrics, as evaluation tools write them.</summary>
internal static class MetricList
{
    private static readonly string[] Names = ["name", "metric", "label", "key", "metric_name"];
    private static readonly string[] Values = ["score", "value"];
    private static readonly string[] Successes = ["success", "passed", "pass"];
    private static readonly string[] Errors = ["error", "error_message"];
    private static readonly string[] Reasons = ["reason", "reasoning", "explanation", "comment"];

    /// <summary>The metrics of a cell.</summary>
    /// <param name="column">Its column, for errors.</param>
    /// <param name="freeForm">Converts the host's values to JSON.</param>
    /// <returns>The metrics; null if the cell is not a list of objects.</returns>
    /// <exception cref="EventRowException">It is one, and one of them has no name, or has the name of another.</exception>
    public static IReadOnlyList<ListedMetric>? TryRead(in Cell cell, string column, HostObjectJson? freeForm)
    {
        byte[]? json = Json(cell, column, freeForm ?? HostObjectJson.Default);
        List<int> items = json is null ? [] : JsonMembers.Items(json, 0);
        if (items.Count == 0 || items.Exists(item => json![item] != '{'))
        {
            return null;
        }

        var metrics = new List<ListedMetric>();
        var labels = new HashSet<string>(StringComparer.Ordinal);
        foreach (int item in items)
        {
            ReadOnlyMemory<byte> name = First(json!, item, Names);
            if (name.IsEmpty || !Cell.OfJson(name.Span).TryGetText(out string label) || string.IsNullOrWhiteSpace(label))
            {
                throw new EventRowException(column, $"is a list of metrics, but number {metrics.Count + 1} has no name: one of {string.Join(", ", Names)}");
            }

            if (!labels.Add(label))
            {
                throw new EventRowException(column, $"is a list of metrics, but two of them are called '{label}'");
            }

            ReadOnlyMemory<byte> success = First(json!, item, Successes);
            ReadOnlyMemory<byte> value = First(json!, item, Values);
            ReadOnlyMemory<byte> reason = First(json!, item, Reasons);

            // A metric that failed is "not successful", too, but that is neither its value nor a verdict.
            metrics.Add(value.IsEmpty && Error(json!, item) is { IsEmpty: false } error
                ? new ListedMetric(label, default, default, reason) { Error = error }
                : new ListedMetric(label, value.IsEmpty ? success : value, Assessment(success), reason));
        }

        return metrics;
    }

    private static byte[]? Json(in Cell cell, string column, HostObjectJson freeForm)
    {
        switch (cell.Kind)
        {
            case CellKind.Json when cell.Utf8[0] == '[':
                return cell.Utf8.ToArray();
            case CellKind.Value when cell.Value is not null:
                using (var output = new JsonAppender())
                {
                    byte[] json = new CellWriter(output, freeForm).ToJson(cell, column);
                    return json[0] == '[' ? json : null;
                }

            case CellKind.Utf8 when cell.Utf8.TrimStart(" "u8) is not [(byte)'[', ..]:
            case CellKind.Json when cell.Utf8 is not [(byte)'"', ..]:
                return null;
            case CellKind.Utf8 or CellKind.Text or CellKind.Json when cell.TryGetText(out string text):
                byte[] inText = Encoding.UTF8.GetBytes(text.Trim());
                return inText is [(byte)'[', ..] && JsonValidator.Value(inText, 0, depth: 0) == inText.Length ? inText : null;
            default:
                return null;
        }
    }

    private static ReadOnlyMemory<byte> First(byte[] json, int item, string[] names)
    {
        foreach (string name in names)
        {
            (int start, int length) = JsonMembers.Find(json, item, name);
            if (length > 0 && !json.AsSpan(start, length).SequenceEqual("null"u8))
            {
                return json.AsMemory(start, length);
            }
        }

        return default;
    }

    private static ReadOnlyMemory<byte> Error(byte[] json, int item) =>
        First(json, item, Errors) is var error && error.Span is [(byte)'{', ..] or [(byte)'"', _, _, ..] ? error : default;

    private static byte[] Assessment(ReadOnlyMemory<byte> success) =>
        success.Span.SequenceEqual("true"u8) ? "\"pass\""u8.ToArray() : success.Span.SequenceEqual("false"u8) ? "\"fail\""u8.ToArray() : [];
}
