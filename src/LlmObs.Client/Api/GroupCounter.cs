using System.Globalization;
using System.Text;

namespace LlmObs.Client.Api;

/// <summary>
/// Counts the values of each group of an aggregate. The service computes averages, and says only of a whole query how many events
/// match it; so each group is asked for by a query of its own. An evaluation that failed or was skipped is an event as well, without a value.
/// </summary>
/// <param name="client">Sends the queries.</param>
/// <param name="isAttribute">True if a field is an attribute; others are searched among tags, too.</param>
public sealed class GroupCounter(LlmObsClient client, Func<string, bool> isAttribute)
{
    private const string Assessment = "assessment";
    private const int AtOnce = 4; // requests
    private const int DefaultLimit = 1000; // groups of an answer: that of the documents' example
    private const int LongestValue = 1000; // characters; a query is no place for a whole answer

    // A failed evaluation is a categorical metric without a category; a metric of JSON has no field that could be searched for.
    private const string HasValue = "(@score_value:* OR @boolean_value:* OR @categorical_value:* OR @metric_type:json)";

    private static readonly string[] ValueFields = ["categorical_value", "boolean_value", Assessment];

    /// <summary>Counts the groups of an answer.</summary>
    /// <param name="observer">Receives each request.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <returns>The same buckets with their <see cref="AggregateBucket.Counts"/>.</returns>
    /// <exception cref="LlmObsException">A request failed.</exception>
    public async Task<AggregateResult> CountAsync(
        AggregateQuery query, AggregateResult answer, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Buckets.Count == 0)
        {
            return answer;
        }

        var counts = new OrderedDictionary<string, object?>[answer.Buckets.Count];
        ILookup<string, string>? assessments = await AssessmentsAsync(query, observer, cancellation).ConfigureAwait(false);
        await Parallel.ForAsync(0, counts.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (index, token) =>
            counts[index] = await CountAsync(query, answer.Buckets[index], assessments, observer, token).ConfigureAwait(false)).ConfigureAwait(false);
        AggregateBucket[] buckets = [.. answer.Buckets.Select((bucket, index) => bucket with { Counts = counts[index] })];
        AddShares(query, buckets, counts);
        return answer with { Buckets = buckets };
    }

    /// <summary>Counts the values that a query matches, without groups.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="observer">Is told of the request.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="LlmObsException">The request failed.</exception>
    public Task<long> CountValuesAsync(AggregateQuery query, IRequestObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return HitsAsync(query, WithValue(query, query.Query), observer, cancellation);
    }

    private async Task<OrderedDictionary<string, object?>> CountAsync(
        AggregateQuery query, AggregateBucket bucket, ILookup<string, string>? assessments, IRequestObserver? observer, CancellationToken cancellation)
    {
        var counts = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (QueryOf(query, bucket) is not string own)
        {
            return counts;
        }

        // A group that is there and has no event was not understood as a query: a count that is wrong is worse than none.
        if (await OwnHitsAsync(WithValue(query, own)).ConfigureAwait(false) is > 0 and long values)
        {
            counts[GroupCounts.ValueCount] = values;
        }

        if (assessments is null)
        {
            return counts;
        }

        string[] found = [.. assessments[KeyOf(query.GroupBy, bucket)].Intersect(MetricAssessment.All)];
        if (found is [string only])
        {
            counts[GroupCounts.PassRate] = only == MetricAssessment.Pass ? 1.0 : 0.0;
        }
        else if (found.Length > 1)
        {
            long passed = await OwnHitsAsync(Narrowed(own, Assessment, MetricAssessment.Pass)).ConfigureAwait(false);
            long failed = await OwnHitsAsync(Narrowed(own, Assessment, MetricAssessment.Fail)).ConfigureAwait(false);
            if (passed + failed > 0)
            {
                counts[GroupCounts.PassRate] = (double)passed / (passed + failed);
            }
        }

        return counts;

        Task<long> OwnHitsAsync(string words) => HitsAsync(query, words, observer, cancellation);
    }

    private async Task<long> HitsAsync(AggregateQuery query, string words, IRequestObserver? observer, CancellationToken cancellation)
    {
        AggregateQuery one = query with { Query = words, GroupBy = [], Limit = default, Compute = [query.Compute[0]] };
        AggregateResult result = await client.Aggregate(one).SendAsync(observer, cancellation).ConfigureAwait(false);
        return result.HitCount;
    }

    // Only metrics have values; what other indexes hold is counted as it is.
    private static string WithValue(AggregateQuery query, string words) =>
        query.Indexes is [AggregateQuery.EvaluationIndex] ? SearchQuery.And(words, HasValue) : words;

    // Which assessments each group has, so that groups without them cost no request.
    private async Task<ILookup<string, string>?> AssessmentsAsync(AggregateQuery query, IRequestObserver? observer, CancellationToken cancellation)
    {
        if (query.GroupBy.Any(field => Plain(field) == Assessment))
        {
            return null;
        }

        AggregateQuery probe = query with { GroupBy = [.. query.GroupBy, Assessment], Limit = default, Compute = [query.Compute[0]] };
        AggregateResult found = await client.Aggregate(probe).SendAsync(observer, cancellation).ConfigureAwait(false);
        return found.Buckets
            .Where(bucket => bucket.By.GetValueOrDefault(Assessment) is string)
            .ToLookup(bucket => KeyOf(query.GroupBy, bucket), bucket => (string)bucket.By[Assessment]!, StringComparer.Ordinal);
    }

    // If an answer may be cut short, the whole is unknown.
    private static void AddShares(AggregateQuery query, AggregateBucket[] buckets, OrderedDictionary<string, object?>[] counts)
    {
        if (query.GroupBy.Count == 0 || !ValueFields.Contains(Plain(query.GroupBy[^1])) || buckets.Length >= (query.Limit.Value ?? DefaultLimit))
        {
            return;
        }

        string last = query.GroupBy[^1];
        string[] outer = [.. query.GroupBy.SkipLast(1)];

        foreach (IGrouping<string, int> siblings in Enumerable.Range(0, buckets.Length).GroupBy(index => KeyOf(outer, buckets[index]), StringComparer.Ordinal))
        {
            int[] valued = [.. siblings.Where(index => buckets[index].By.GetValueOrDefault(last) is not null)];
            long whole = valued.Sum(index => counts[index].GetValueOrDefault(GroupCounts.ValueCount) as long? ?? 0);
            if (whole > 0 && valued.All(index => counts[index].ContainsKey(GroupCounts.ValueCount)))
            {
                foreach (int index in valued)
                {
                    counts[index][GroupCounts.Share] = (double)(long)counts[index][GroupCounts.ValueCount]! / whole;
                }
            }
        }
    }

    /// <summary>The query that matches the events of a group and no others; null if there is none.</summary>
    private string? QueryOf(AggregateQuery query, AggregateBucket bucket)
    {
        string words = query.Query;
        foreach (string field in query.GroupBy)
        {
            string plain = Plain(field);
            bool isSure = field.StartsWith('@') || isAttribute(plain);
            if (!bucket.By.TryGetValue(field, out object? value) && !bucket.By.TryGetValue(plain, out value))
            {
                value = null;
            }

            string? text = value switch
            {
                null => null,
                bool flag => flag ? "true" : "false",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString(),
            };
            if (text?.Length > LongestValue)
            {
                return null;
            }

            words = text is null ? SearchQuery.CombineWithout(words, plain, isSure)
                : isSure ? Narrowed(words, plain, text)
                : SearchQuery.CombineAttributeOrTag(words, plain, text);
        }

        return words;
    }

    private static string Narrowed(string words, string field, string value) => SearchQuery.Combine(words, new KeyValuePair<string, IReadOnlyList<string>>(field, [value]));

    private static string KeyOf(IReadOnlyList<string> fields, AggregateBucket bucket) =>
        string.Join('\n', fields.Select(field => FormattableString.Invariant($"{bucket.By.GetValueOrDefault(field)}")));

    private static string Plain(string field) => field.TrimStart('@');
}

/// <summary>Writes conditions in Datadog's search syntax, with quotes if a value would be read as syntax.</summary>
public static class SearchQuery
{
    /// <summary>Adds conditions to a query that a person wrote.</summary>
    /// <param name="query">That query; may be empty.</param>
    /// <param name="conditions">Fields and the values of which one must match; without values a field is not asked for.</param>
    /// <returns>The whole query.</returns>
    public static string Combine(string? query, params IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> conditions) =>
        Join(query, [.. conditions.Where(condition => condition.Value.Count > 0).Select(condition => Condition(condition.Key, condition.Value))]);

    /// <summary>Adds a condition that is written out.</summary>
    internal static string And(string query, string condition) => Join(query, [condition]);

    /// <summary>Adds that a name, of an attribute or of a tag, has a value.</summary>
    internal static string CombineAttributeOrTag(string query, string name, string value) => Join(query, [$"(@{name}:{Quote(value)} OR {name}:{Quote(value)})"]);

    /// <summary>Adds that an event has no value of a field.</summary>
    internal static string CombineWithout(string query, string name, bool isAttribute) => Join(query, isAttribute ? [$"-@{name}:*"] : [$"-@{name}:*", $"-{name}:*"]);

    private static string Join(string? query, string[] parts)
    {
        string own = (query ?? string.Empty).Trim();
        if (own.Length == 0)
        {
            return string.Join(' ', parts);
        }

        // "a OR b @label:x" would read as "a OR (b AND @label:x)".
        string first = parts.Length > 0 && own.Any(char.IsWhiteSpace) ? $"({own})" : own;
        return string.Join(' ', [first, .. parts]);
    }

    private static string Condition(string field, IReadOnlyList<string> values) => values.Count == 1
        ? $"@{field}:{Quote(values[0])}"
        : $"@{field}:({string.Join(" OR ", values.Select(Quote))})";

    private static string Quote(string value)
    {
        if (value.Length > 0 && value[0] != '-' && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && value is not ("AND" or "OR" or "NOT" or "TO"))
        {
            return value;
        }

        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : string.Empty).Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
