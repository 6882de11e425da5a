using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;
using LlmObs.Evaluation.Evaluators;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>The task and the evaluators of one runspace, ready to be run row by row.</summary>
internal sealed class RowScripts
{
    private const string ExitCode = "global:LASTEXITCODE";

    private readonly RunSettings _settings;
    private readonly ScriptBlock? _task; // null if rows are only judged
    private readonly Dictionary<ScriptText, (ScriptBlock Block, ScriptParameters Parameters)> _blocks = [];
    private readonly ScriptParameters? _taskParameters;
    private readonly List<PSVariable> _variables = [];
    private readonly PSVariable _exitCode; // of the last program
    private readonly PSVariable _underscore = new("_");
    private readonly PSVariable _preference;

    public RowScripts(RunSettings settings, Runspace runspace)
    {
        _settings = settings;
        runspace.SessionStateProxy.SetVariable(ExitCode, null);
        _exitCode = runspace.SessionStateProxy.PSVariable.Get(ExitCode);
        _preference = runspace.SessionStateProxy.PSVariable.Get("ErrorActionPreference");
        _task = settings.TaskFile is not null ? OfFile(settings.TaskFile, runspace) : settings.Task is not null ? ScriptBlock.Create(settings.Task.Text) : null;
        _taskParameters = _task is null ? null : ScriptParameters.Of(_task, ScriptRole.Task);
        Add(settings.Evaluators, ScriptRole.Evaluator);
        Add(settings.SummaryEvaluators, ScriptRole.Summary);
        Lacking = [.. settings.Outside.Where(one => !one.IsIn(runspace))];
    }

    /// <summary>What its scripts use of the user's session, and this runspace does not have.</summary>
    public IReadOnlyList<OutsideName> Lacking { get; }

    /// <summary>Runs the task once. What goes wrong is part of the result.</summary>
    /// <exception cref="PipelineStoppedException">The slot's pipeline was stopped.</exception>
    public AttemptResult RunTask(WorkItem item)
    {
        long start = (_settings.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        long watch = Stopwatch.GetTimestamp();
        Collection<PSObject>? emitted = null;
        Exception? thrown = null;
        try
        {
            emitted = Invoke(_task!, item.Record.Record, _taskParameters!.Arguments(item.Record.Record, _settings.ScriptConfig));
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            thrown = e;
        }

        // The service refuses a duration of nothing.
        var result = new AttemptResult { StartNs = start, DurationNs = Math.Max(1, Stopwatch.GetElapsedTime(watch).Ticks * TimeSpan.NanosecondsPerTick) };
        return thrown is null
            ? Read(emitted!, result)
            : result with { Error = TaskError.Of(thrown, "task"), RetryAfter = TaskError.RetryAfter(thrown, _settings.Time) };
    }

    /// <summary>True if the last program that a script called ended as Ctrl+C ends one.</summary>
    public bool IsInterrupted => _exitCode.Value is 130 or unchecked((int)0xC000013A); // SIGINT, and STATUS_CONTROL_C_EXIT of Windows

    /// <summary>Forgets how the programs of the row before ended.</summary>
    public void ForgetPrograms() => _exitCode.Value = null;

    /// <summary>Judges a row with evaluators.</summary>
    public List<ResultEvaluation> Evaluate(IReadOnlyList<RowEvaluator> evaluators, EvaluatedRow row, JudgedRow json)
    {
        ForgetPrograms();
        var found = new List<ResultEvaluation>(evaluators.Count);
        foreach (RowEvaluator evaluator in evaluators)
        {
            try
            {
                if (evaluator.Included is null)
                {
                    found.AddRange(Script(evaluator, row));
                }
                else
                {
                    found.Add(Included(evaluator, json));
                }
            }
            catch (Exception e) when (e is not PipelineStoppedException)
            {
                found.Add(new ResultEvaluation { Label = evaluator.Name, Error = TaskError.Of(e, "evaluator") });
            }
        }

        return Unambiguous(found);
    }

    /// <summary>Judges all rows of an iteration.</summary>
    public List<ResultEvaluation> Summarize(IReadOnlyList<EvaluatedRow?> rows)
    {
        var found = new List<ResultEvaluation>();
        foreach (RowEvaluator evaluator in _settings.SummaryEvaluators)
        {
            try
            {
                object?[] all = [.. rows];
                found.AddRange(EvaluatorOutput.Read(evaluator.Name, Invoke(evaluator.Script!, all)));
            }
            catch (Exception e) when (e is not PipelineStoppedException)
            {
                found.Add(new ResultEvaluation { Label = evaluator.Name, Error = TaskError.Of(e, "evaluator") });
            }
        }

        return Unambiguous(found);
    }

    /// <summary>Two values of one label would be one metric to the service: the later one is an error instead.</summary>
    private static List<ResultEvaluation> Unambiguous(List<ResultEvaluation> found)
    {
        for (int later = found.Count - 1; later > 0; later--)
        {
            string label = found[later].Label;
            for (int first = 0; first < later; first++)
            {
                if (found[first].Label == label)
                {
                    found[first] = new ResultEvaluation { Label = label, Error = new RowError($"Several evaluators returned a metric '{label}'; each needs its own label.") };
                    found.RemoveAt(later);
                    break;
                }
            }
        }

        return found;
    }

    private IEnumerable<ResultEvaluation> Script(RowEvaluator evaluator, EvaluatedRow row) =>
        EvaluatorOutput.Read(evaluator.Name, Invoke(evaluator.Script!, row));

    // The slot's thread is its own, and has nothing else to do.
    private ResultEvaluation Included(RowEvaluator evaluator, JudgedRow row)
    {
        // A script block runs on this thread only: calls to it are answered before the task is waited for.
        Func<string, RawJson>? script = evaluator.Asked is null ? null : Asking(evaluator.Asked);
        Finding finding = SlotWait.For(evaluator.Included!.EvaluateAsync(row, script, CancellationToken.None));
        return new ResultEvaluation
        {
            Label = evaluator.Name,
            MetricType = finding.MetricType,
            Value = finding.Value,
            Assessment = finding.Passed is bool passed ? (passed ? MetricAssessment.Pass : MetricAssessment.Fail) : null,
            Reasoning = finding.Reasoning,
            Metadata = finding.Metadata,
        };
    }

    private Func<string, RawJson> Asking(ScriptText text) => question => Ask(text, question);

    private RawJson Ask(ScriptText text, string question)
    {
        Collection<PSObject> answer = Invoke(text, question);
        return JsonSnapshot.Of(answer.Count == 1 ? answer[0] : answer.ToArray());
    }

    private Collection<PSObject> Invoke(ScriptText text, object? current)
    {
        (ScriptBlock block, ScriptParameters parameters) = _blocks[text];
        return Invoke(block, current, parameters.Arguments(current, _settings.ScriptConfig));
    }

    private Collection<PSObject> Invoke(ScriptBlock block, object? current, object?[] arguments)
    {
        // PowerShell takes $_ out of the list.
        _underscore.Value = current;
        _variables.Clear();
        _variables.Add(_underscore);
        _preference.Value = ActionPreference.Stop; // whatever was set before; a variable of each call's own would take longer than a small task
        return block.InvokeWithContext(null, _variables, arguments);
    }

    private void Add(IReadOnlyList<RowEvaluator> evaluators, ScriptRole role)
    {
        foreach (RowEvaluator evaluator in evaluators)
        {
            if ((evaluator.Script ?? evaluator.Asked) is ScriptText text)
            {
                ScriptBlock block = Readable($"The script of the evaluator '{evaluator.Name}'", () => ScriptBlock.Create(text.Text));
                _blocks[text] = (block, ScriptParameters.Of(block, evaluator.Script is null ? ScriptRole.Question : role));
            }
        }
    }

    private static ScriptBlock OfFile(string file, Runspace runspace) =>
        runspace.SessionStateProxy.InvokeCommand.GetCommand(file, CommandTypes.ExternalScript) is ExternalScriptInfo script
            ? Readable($"The script '{file}'", () => script.ScriptBlock)
            : throw new RunPreparationException($"'{file}' is not a script", new FileNotFoundException(file));

    private static ScriptBlock Readable(string what, Func<ScriptBlock> read)
    {
        try
        {
            return read();
        }
        catch (ParseException e)
        {
            string place = e.Errors is [var first, ..] ? FormattableString.Invariant($"line {first.Extent.StartLineNumber}: {first.Message}") : e.Message;
            throw new RunPreparationException($"{what} can't be read: {place}", e);
        }
    }

    private static AttemptResult Read(Collection<PSObject> emitted, AttemptResult result)
    {
        TaskResult[] told = [.. emitted.Select(one => one?.BaseObject).OfType<TaskResult>()];
        if (told.Length > 0 && emitted.Count > 1)
        {
            return result with { Error = new RowError($"The task returned {emitted.Count} values, and one is a result of New-LlmObsTaskResult, which must be the only one.", typeof(InvalidOperationException).FullName) };
        }

        object? output = told.Length == 1 ? told[0].Output : emitted.Count switch { 0 => null, 1 => emitted[0], _ => emitted.ToArray() };
        string what = "output";
        try
        {
            RawJson json = JsonSnapshot.Of(output);
            what = "metadata";
            RawJson metadata = told is [{ Metadata: not null }] ? JsonSnapshot.Of(told[0].Metadata) : default;
            return result with { Output = output, OutputJson = json, Told = told.FirstOrDefault(), MetadataJson = metadata };
        }
        catch (UnwritableValueException e)
        {
            return result with { Error = new RowError($"The task's {what} has no form in JSON: {e.Message}.", typeof(UnwritableValueException).FullName) };
        }
    }
}

/// <summary>Makes metrics of what an evaluator's script gave.</summary>
internal static class EvaluatorOutput
{
    /// <exception cref="EvaluatorException">It is nothing that a metric can hold.</exception>
    public static IEnumerable<ResultEvaluation> Read(string name, Collection<PSObject> emitted)
    {
        if (emitted.Count > 1)
        {
            throw new EvaluatorException($"The evaluator returned {emitted.Count} values; return one, or a hashtable of several named ones.");
        }

        object? value = emitted.Count == 0 ? null : PSObjectJson.UnwrapCell(emitted[0]);
        return value is IDictionary named
            ? [.. Entries.Of(named).Select(entry => Of(name, LabelOf(entry.Key), entry.Value))]
            : [One(name, emitted.Count == 0 ? null : emitted[0])];
    }

    private static ResultEvaluation Of(string name, string label, object? value) => One(label, value) with { Evaluator = label == name ? null : name };

    private static string LabelOf(object key) => HostObjectJson.NameOf(key) is string label && EvaluatorNames.IsValid(label)
        ? label
        : throw new EvaluatorException($"'{key}' can't be the label of a metric: {EvaluatorNames.Rule}.");

    private static ResultEvaluation One(string label, object? value)
    {
        if (PSObjectJson.UnwrapCell(value) is not EvaluationResult given)
        {
            return Typed(label, value);
        }

        return Typed(label, given.Value) with
        {
            Assessment = given.Assessment,
            Reasoning = given.Reasoning,
            Metadata = given.Metadata is null ? default : Snapshot(given.Metadata, "metadata"),
            Tags = given.Tags,
        };
    }

    // Datadog's SDKs: a boolean, a number, an object, else a word.
    private static ResultEvaluation Typed(string label, object? value)
    {
        object? bare = PSObjectJson.UnwrapCell(value);
        if (bare is null)
        {
            return new ResultEvaluation { Label = label, MetricType = MetricType.Categorical };
        }

        if (bare is double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN)
        {
            throw new EvaluatorException($"The evaluator returned {Convert.ToString(bare, System.Globalization.CultureInfo.InvariantCulture)}, which is not a score.");
        }

        RawJson json = Snapshot(value, "value");
        return new ResultEvaluation { Label = label, Value = json, MetricType = json.Utf8.Span[0] switch
        {
            (byte)'t' or (byte)'f' => MetricType.Boolean,
            (byte)'"' => MetricType.Categorical,
            (byte)'{' => MetricType.Json,
            (byte)'[' => throw new EvaluatorException("The evaluator returned a list; return one value, or a hashtable of several named ones."),
            _ => MetricType.Score,
        } };
    }

    private static RawJson Snapshot(object? value, string what)
    {
        try
        {
            return JsonSnapshot.Of(value);
        }
        catch (UnwritableValueException e)
        {
            throw new EvaluatorException($"The evaluator's {what} has no form in JSON: {e.Message}.", e);
        }
    }
}
