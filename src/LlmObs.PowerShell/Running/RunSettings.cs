using System.Management.Automation;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>The work for each record, the number of tasks at once, and the conditions for giving up.</summary>
internal sealed record RunSettings
{
    private readonly Lazy<object?> _scriptConfig = new((object?)null);

    /// <summary>The task; null if it is a file.</summary>
    public ScriptText? Task { get; init; }

    /// <summary>The task's file; null if it is a block.</summary>
    public string? TaskFile { get; init; }

    /// <summary>Run once in each runspace.</summary>
    public ScriptText? Initialization { get; init; }

    /// <summary>Modules that are imported into each runspace.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Values of <c>$using:</c> variables, by the names that they are set under.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>The session's current folder; null if it is not on the file system.</summary>
    public string? Location { get; init; }

    /// <summary>Functions of the session that each runspace gets: their names and their text.</summary>
    public IReadOnlyDictionary<string, string> Functions { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the session that scripts use, and that a runspace may lack.</summary>
    public IReadOnlyList<OutsideName> Outside { get; init; } = [];

    public IReadOnlyList<RowEvaluator> Evaluators { get; init; } = [];

    public IReadOnlyList<RowEvaluator> SummaryEvaluators { get; init; } = [];

    /// <summary>The configuration as it was given: so it is sent and kept.</summary>
    public object? Config
    {
        get;
        init
        {
            field = value;
            _scriptConfig = new(() => value is null ? null : JsonSnapshot.ReadForScripts(JsonSnapshot.Of(value)), LazyThreadSafetyMode.ExecutionAndPublication);
        }
    }

    /// <summary>The configuration that tasks and evaluators see: of one kind, wherever it came from.</summary>
    /// <exception cref="UnwritableValueException">The configuration, or a value inside it, has no place in JSON.</exception>
    public object? ScriptConfig => _scriptConfig.Value;

    public int ThrottleLimit { get; init; } = 10;

    /// <summary>The longest time of a task; null for no limit.</summary>
    public TimeSpan? TaskTimeout { get; init; }

    /// <summary>The most tasks that begin in a minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    public int MaxRetryCount { get; init; }

    /// <summary>The run ends after more failed rows than that; null if it does not.</summary>
    public int? MaxFailureCount { get; init; }

    /// <summary>True if verbose lines of tasks are shown.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>The folder of the output cache; null for none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The data that determines an output, except for its record and the configuration: the texts of task and initialization, and the values that they use.</summary>
    public RawJson TaskIdentity { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>An evaluator as a run uses it.</summary>
/// <param name="Name">The label of its metric.</param>
/// <param name="Script">Its text; null for an included one.</param>
/// <param name="Included">The included evaluator; null for a script.</param>
/// <param name="Asked">The script block that an included one asks; null if it needs none.</param>
internal sealed record RowEvaluator(string Name, ScriptText? Script, Evaluation.Evaluators.IncludedEvaluator? Included, ScriptText? Asked = null);

/// <summary>The experiment of a run, and its dataset.</summary>
internal sealed record RunTarget
{
    public required string ExperimentId { get; init; }

    /// <summary>The name that the experiment was created with, without the service's suffix.</summary>
    public required string ExperimentName { get; init; }

    /// <summary>The name of spans; null for <see cref="ExperimentName"/>.</summary>
    public string? SpanName { get; init; }

    public required string ProjectId { get; init; }

    public string? ProjectName { get; init; }

    public required string DatasetId { get; init; }

    public string? DatasetName { get; init; }

    /// <summary>The user's tags, for every span.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>The runspaces of a run could not be made ready.</summary>
/// <param name="message">The problem.</param>
/// <param name="cause">The exception that caused it.</param>
internal sealed class RunPreparationException(string message, Exception cause) : Exception(message, cause);
