using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Builds a metric, to be piped to Send-LlmObsEvent. Nothing is sent.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsMetric", DefaultParameterSetName = ScoreSet)]
[OutputType(typeof(Metric))]
public sealed class NewLlmObsMetricCommand : LlmObsCmdlet
{
    private const string ScoreSet = "Score";
    private const string CategorySet = "Category";
    private const string BooleanSet = "Boolean";
    private const string JsonSet = "Json";

    /// <summary>The id of the span; a piped span provides it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("span_id")]
    public string SpanId { get; set; } = string.Empty;

    /// <summary>The evaluator's name, of letters, digits, _ and -.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Label { get; set; } = string.Empty;

    /// <summary>A number.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = ScoreSet, ValueFromPipelineByPropertyName = true)]
    [PlainText]
    [PointNumber]
    [Alias("score_value", "ScoreValue")]
    public double Score { get; set; }

    /// <summary>A word.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CategorySet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("categorical_value", "CategoricalValue")]
    public string Category { get; set; } = string.Empty;

    /// <summary>True or false.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BooleanSet, ValueFromPipelineByPropertyName = true)]
    [FromText]
    [Alias("boolean_value", "BooleanValue")]
    public bool Boolean { get; set; }

    /// <summary>A JSON object: a hashtable, an object, or JSON text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = JsonSet, ValueFromPipelineByPropertyName = true)]
    [JsonObject]
    [Alias("json_value", "JsonValue")]
    public object? Json { get; set; }

    /// <summary>The verdict: pass or fail.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PlainText]
    [ValidateSet(MetricAssessment.Pass, MetricAssessment.Fail)]
    public string? Assessment { get; set; }

    /// <summary>The reason for the value.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Reasoning { get; set; }

    /// <summary>Tags, each as key:value.</summary>
    [Parameter]
    [ValidateNotNull]
    [TagList]
    public string[] Tag { get; set; } = [];

    /// <summary>Metadata: a hashtable or an object.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [JsonObject]
    public object? Metadata { get; set; }

    /// <summary>The evaluator's error. Not taken from the pipeline: a piped span's error is not the evaluator's.</summary>
    [Parameter]
    [Alias("error_message")]
    public string? ErrorMessage { get; set; }

    /// <summary>The time of measuring: a DateTime, ISO 8601 text or milliseconds since 1970. Now, if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("timestamp_ms", "TimestampMs")]
    public object? Timestamp { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(Build());
        }
        catch (EventRowException e)
        {
            string message = $"Metric '{Label}' of span {SpanId} was not built: {e.Message}.";
            WriteError(Failures.InvalidValue(e, message, Label, "See Get-Help New-LlmObsMetric for the forms of values and times."));
        }
    }

    private Metric Build() => new()
    {
        SpanId = SpanId,
        Label = Label,
        MetricType = ParameterSetName switch
        {
            CategorySet => MetricType.Categorical,
            BooleanSet => MetricType.Boolean,
            JsonSet => MetricType.Json,
            _ => MetricType.Score,
        },
        ScoreValue = ParameterSetName == ScoreSet ? EventValues.Score(Score) : null,
        CategoricalValue = ParameterSetName == CategorySet ? Category : null,
        BooleanValue = ParameterSetName == BooleanSet ? Boolean : null,
        JsonValue = ParameterSetName == JsonSet ? Json : null,
        TimestampMs = EventValues.TimestampMs(PSObjectJson.UnwrapCell(Timestamp) ?? TimeProvider.System.GetUtcNow()),
        Assessment = Assessment?.ToLowerInvariant(),
        Reasoning = Reasoning,
        ErrorMessage = ErrorMessage,
        Metadata = Metadata,
        Tags = Tag,
    };
}
