namespace LlmObs;

/// <summary>What kind of value a metric carries (<c>metric_type</c>).</summary>
public static class MetricType
{
    /// <summary>A number, in <c>score_value</c>.</summary>
    public const string Score = "score";

    /// <summary>A word, in <c>categorical_value</c>.</summary>
    public const string Categorical = "categorical";

    /// <summary>True or false, in <c>boolean_value</c>.</summary>
    public const string Boolean = "boolean";

    /// <summary>A JSON object, in <c>json_value</c>.</summary>
    public const string Json = "json";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [Score, Categorical, Boolean, Json];
}
