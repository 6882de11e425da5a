using System.Management.Automation;

namespace LlmObs.PowerShell.Commands;

/// <summary>Builds a span, to be piped to Send-LlmObsEvent. Nothing is sent.</summary>
[Cmdlet(VerbsCommon.New, "LlmObsSpan")]
[OutputType(typeof(Span))]
public sealed class NewLlmObsSpanCommand : LlmObsCmdlet
{
    // The service may refuse a span that took no time at all.
    private const long ShortestNs = 1_000_000;

    /// <summary>The name, for example the step or the question.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The input: text, a number, a hashtable, a list, or any other JSON value.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public object? Input { get; set; }

    /// <summary>The output: text, a number, a hashtable, a list, or any other JSON value.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public object? Output { get; set; }

    /// <summary>The expected output.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [Alias("expected_output")]
    public object? ExpectedOutput { get; set; }

    /// <summary>The start: a DateTime, ISO 8601 text or nanoseconds since 1970. Now, if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("start_ns", "StartNs")]
    public object? StartTime { get; set; }

    /// <summary>The duration: a TimeSpan or nanoseconds. From the start until now, if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public object? Duration { get; set; }

    /// <summary>The status: ok or error. Error if an error is given, otherwise ok.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PlainText]
    [ValidateSet(SpanStatus.Ok, SpanStatus.Error)]
    public string? Status { get; set; }

    /// <summary>The error's message.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("error_message")]
    public string? ErrorMessage { get; set; }

    /// <summary>The error's type, for example the exception's class.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("error_type")]
    public string? ErrorType { get; set; }

    /// <summary>The error's stack trace.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("error_stack")]
    public string? ErrorStack { get; set; }

    /// <summary>The span's id; made if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("span_id")]
    public string? SpanId { get; set; }

    /// <summary>The trace's id; made if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("trace_id")]
    public string? TraceId { get; set; }

    /// <summary>The project's id; that of the experiment if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("project_id")]
    public string? ProjectId { get; set; }

    /// <summary>The dataset's id; that of the experiment if it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("dataset_id")]
    public string? DatasetId { get; set; }

    /// <summary>Tags, each as key:value.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("tags")]
    [TagList]
    public string[]? Tag { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(Build());
        }
        catch (EventRowException e)
        {
            string message = $"Span '{Name}' was not built: {e.Message}.";
            WriteError(Failures.InvalidValue(e, message, Name, "See Get-Help New-LlmObsSpan for the forms of times and durations."));
        }
    }

    private Span Build()
    {
        long now = EventValues.StartNs(TimeProvider.System.GetUtcNow());
        long start = StartTime is null ? now : EventValues.StartNs(Bare(StartTime));
        bool failed = !string.IsNullOrEmpty(ErrorMessage) || !string.IsNullOrEmpty(ErrorType);
        return new Span
        {
            Name = Name,
            SpanId = SpanId ?? EventIds.NewSpanId(),
            TraceId = TraceId ?? EventIds.NewTraceId(),
            StartNs = start,
            DurationNs = Duration is null ? Math.Max(now - start, ShortestNs) : EventValues.DurationNs(Bare(Duration)),
            Status = Status?.ToLowerInvariant() ?? (failed ? SpanStatus.Error : SpanStatus.Ok),
            ProjectId = ProjectId,
            DatasetId = DatasetId,
            Input = Input,
            Output = Output,
            ExpectedOutput = ExpectedOutput,
            ErrorMessage = ErrorMessage,
            ErrorType = ErrorType,
            ErrorStack = ErrorStack,
            Tags = Tag ?? [],
        };
    }

    private static object Bare(object value) => PSObjectJson.UnwrapCell(value) ?? value;
}
