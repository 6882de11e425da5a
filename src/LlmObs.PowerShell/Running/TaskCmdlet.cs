using System.Management.Automation;
using System.Runtime.CompilerServices;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>A cmdlet that runs a task and its evaluators over records.</summary>
public abstract class TaskCmdlet : RunCmdlet
{
    private ExperimentRunner? _runner;

    private protected TaskCmdlet()
    {
    }

    /// <summary>The task: it gets the record ($_ and its first parameter) and the configuration, and its output is the answer.</summary>
    [Parameter]
    [ValidateNotNull]
    [Block(nameof(Task), File = nameof(TaskPath))]
    public ScriptBlock? Task { get; set; }

    /// <summary>A script file instead of the task's script block; it is given the same.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TaskPath { get; set; }

    /// <summary>Prepares each runspace once, before its first row.</summary>
    [Parameter]
    [ValidateNotNull]
    [Block(nameof(InitializationScript))]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>Functions of this session that each runspace gets, by name.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Function { get; set; } = [];

    /// <summary>Modules that each runspace imports before its first row: names or paths.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Module { get; set; } = [];

    /// <summary>Judge each row: what New-LlmObsEvaluator makes, or hashtables @{ name = { … } }.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject[] Evaluator { get; set; } = [];

    /// <summary>Judge all rows of an iteration at once; hashtables @{ name = { … } }, whose script blocks are given the rows.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject[] SummaryEvaluator { get; set; } = [];

    /// <summary>The number of tasks that run at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 10;

    /// <summary>The longest time of a task, in seconds; by default without limit.</summary>
    [Parameter]
    [ValidateRange(0.001, 1e6)]
    public double? TaskTimeoutSec { get; set; }

    /// <summary>The most tasks that begin in a minute.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int? RequestsPerMinute { get; set; }

    /// <summary>The most retries of a failed task. It waits a random time, longer each time, and at least as long as an answer's Retry-After.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxRetryCount { get; set; }

    /// <summary>Ends the run when more rows than that have failed.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxFailureCount { get; set; }

    /// <summary>Ends the run with the first row that fails.</summary>
    [Parameter]
    public SwitchParameter StopOnError { get; set; }

    /// <summary>Does not keep the rows for the result, which then has only totals. For runs too large for memory.</summary>
    [Parameter]
    public SwitchParameter DiscardRow { get; set; }

    /// <summary>A folder of outputs: the output of a record is taken from there if record, configuration and task text are the same, and kept there if it is new.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CachePath { get; set; }

    /// <summary>A folder that keeps each request until it is answered. Resume-LlmObsEvent sends the rest.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SpoolPath { get; set; }

    /// <summary>The spool that keeps requests until they are answered; null for none.</summary>
    private protected EventSpool? Spool => SpoolPath is null
        ? null
        : new EventSpool(new SpoolFolder(ToPath(SpoolPath)), new SpoolManifest { ExperimentId = string.Empty, Address = string.Empty });

    private protected override void OnDispose() => _runner?.Dispose();

    // A result file has none of them.
    private static readonly string[] GivenAgain = [nameof(Task), nameof(TaskPath), nameof(InitializationScript), nameof(Function), nameof(Module), nameof(Evaluator), nameof(SummaryEvaluator)];

    private protected const string PartHasNoSummary = "-SummaryEvaluator judges all rows of an iteration at once, but a part of a run has only its own.";

    /// <summary>The work, the number of tasks at once, and the conditions for giving up.</summary>
    /// <param name="config">The configuration of the run.</param>
    /// <param name="runsTask">True if a task is run; false if rows are only judged.</param>
    private protected RunSettings MakeSettings(object? config, bool runsTask = true)
    {
        if (runsTask && Task is null == TaskPath is null)
        {
            Refuse(Task is null ? "There is no task to run." : "-Task and -TaskPath were both given.", "Give either -Task { param($Record, $Config) … } or -TaskPath script.ps1.");
        }

        var variables = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        try
        {
            IReadOnlyList<Evaluator> all = EvaluatorBinding.Read(Evaluator, areSummaries: false);
            IReadOnlyList<Evaluator> summaries = EvaluatorBinding.Read([.. all.Where(one => one.IsSummary), .. SummaryEvaluator], areSummaries: true);
            ScriptText? task = Task is null ? null : ScriptText.Of(Task, SessionState, variables);
            ScriptText? initialization = InitializationScript is null ? null : ScriptText.Of(InitializationScript, SessionState, variables);
            string? taskFile = TaskPath is null ? null : ToFile(TaskPath);
            RowEvaluator[] evaluators = [.. all.Where(one => !one.IsSummary).Select(one => EvaluatorBinding.ToRow(one, SessionState, variables))];
            RowEvaluator[] ofAll = [.. summaries.Select(one => EvaluatorBinding.ToRow(one, SessionState, variables))];
            var functions = Function.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(name => name, TextOf);
            return new RunSettings
            {
                Task = task,
                TaskFile = taskFile,
                Initialization = initialization,
                TaskIdentity = CachePath is null ? default : IdentityOf(task?.Text ?? File.ReadAllText(taskFile!), initialization?.Text, variables, functions),
                CacheFolder = CachePath is null ? null : MakeCache(CachePath),
                Modules = [.. Module.Select(ToModule)],
                Functions = functions,
                Outside = [.. Read(task, evaluators, ofAll)],
                Evaluators = evaluators,
                SummaryEvaluators = ofAll,
                Variables = variables,
                Config = config,
                Location = SessionState.Path.CurrentFileSystemLocation?.ProviderPath,
                ThrottleLimit = ThrottleLimit,
                TaskTimeout = TaskTimeoutSec is double seconds ? TimeSpan.FromSeconds(seconds) : null,
                RequestsPerMinute = RequestsPerMinute,
                MaxRetryCount = MaxRetryCount,
                MaxFailureCount = StopOnError ? 0 : MaxFailureCount,
                IsVerbose = ShowsVerbose,
                Time = Client.Options.Time,
            };
        }
        catch (PSArgumentException e)
        {
            ThrowTerminatingError(Failures.InvalidValue(e, e.Message, null, "See Get-Help about_LlmObs_Runs."));
            throw; // never reached: the line above does not return
        }
    }

    // What is null in a script without a word is refused, or warned of once its runspace is there.
    private List<OutsideName> Read(ScriptText? task, IReadOnlyList<RowEvaluator> evaluators, IReadOnlyList<RowEvaluator> summaries)
    {
        var outside = new List<OutsideName>();
        foreach ((string what, ScriptText? text, ScriptRole role) in (IEnumerable<(string, ScriptText?, ScriptRole)>)[
            ("The task", task, ScriptRole.Task),
            .. evaluators.Select(one => ($"The evaluator '{one.Name}'", one.Script ?? one.Asked, one.Script is null ? ScriptRole.Question : ScriptRole.Evaluator)),
            .. summaries.Select(one => ($"The summary evaluator '{one.Name}'", one.Script, ScriptRole.Summary))])
        {
            if (text is not null && ScriptReading.Of(what, text, role) is ScriptReading reading)
            {
                reading.Check();
                outside.AddRange(OutsideName.Of(what, reading, SessionState));
            }
        }

        return outside;
    }

    private string TextOf(string function) => SessionState.InvokeCommand.GetCommand(function, CommandTypes.Function) is FunctionInfo found
        ? found.Definition
        : throw new PSArgumentException($"There is no function '{function}' in this session.");

    private string MakeCache(string path)
    {
        string folder = ToPath(path);
        try
        {
            if (!IsWhatIf)
            {
                OutputCache.MakeFolder(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Failures.UnwritableFile(folder, e));
        }

        return folder;
    }

    // An object that JSON can't represent can't be compared with that of another run.
    private static RawJson IdentityOf(string task, string? initialization, IReadOnlyDictionary<string, object?> variables, IReadOnlyDictionary<string, string> functions)
    {
        var used = new OrderedDictionary<string, RawJson>();
        foreach ((string name, object? value) in variables)
        {
            try
            {
                used[name] = PSObjectJson.UnwrapCell(value) is ScriptBlock block ? RawJson.OfText(block.ToString()) : JsonSnapshot.Of(value);
            }
            catch (UnwritableValueException e)
            {
                throw new PSArgumentException($"-CachePath reuses an output if the task is the same, but the value of {ScriptText.NameOf(name)} can't be compared: {e.Message}.", e);
            }
        }

        foreach ((string name, string text) in functions)
        {
            used["function:" + name] = RawJson.OfText(text);
        }

        return JsonSnapshot.Of(new OrderedDictionary<string, object?>
        {
            ["task"] = task,
            ["initialization"] = initialization,
            ["variables"] = used.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}").ToArray(),
        });
    }

    /// <summary>A file of the session as one of the operating system; it need not be there.</summary>
    private protected string ToPath(string path)
    {
        if (!FileSystemPath.TryResolve(SessionState, path, out string? file, out ErrorRecord? problem))
        {
            ThrowTerminatingError(problem);
        }

        return file;
    }

    /// <summary>Ends the command, because of its parameters.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal void Refuse(string message, string action) =>
        ThrowTerminatingError(Failures.InvalidValue(new PSArgumentException(message), message, null, action));

    private string ToFile(string path)
    {
        string file = ToPath(path);
        return File.Exists(file) ? file : throw new PSArgumentException($"There is no script '{file}'.");
    }

    // A relative path starts here, not where a runspace begins.
    private string ToModule(string module)
    {
        bool isPath = module.AsSpan().IndexOfAny('/', '\\') >= 0 || module.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase) || module.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase);
        return isPath ? ToPath(module) : module;
    }

    /// <summary>Reads a dataset's records as they are asked for.</summary>
    private protected async IAsyncEnumerable<DatasetRecord> ReadRecordsAsync(
        string projectId, string datasetId, long? version, RecordChoice choice, Action<long> tell, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long? left = choice.IsAll ? null : choice.Wanted;
        long read = 0;
        IAsyncEnumerator<Page<DatasetRecord>> pages = Client.ListRecords(projectId, datasetId, version)
            .ReadAsync(left, new VerboseObserver(Bridge), cancellation).GetAsyncEnumerator(cancellation);
        Task<bool> next = pages.MoveNextAsync().AsTask();
        try
        {
            while (await next.ConfigureAwait(false))
            {
                // The next page is read while the records of this one are run, unless nothing more is wanted.
                Page<DatasetRecord> page = pages.Current;
                left -= page.Items.Count;
                read += page.Items.Count;
                bool isEnd = page.Next is null || left <= 0;
                if (isEnd && (choice.IsAll || choice.Wanted is not null))
                {
                    tell(Math.Min(read, choice.Wanted ?? read)); // a service may send more than it was asked for
                }

                next = left <= 0 ? System.Threading.Tasks.Task.FromResult(false) : pages.MoveNextAsync().AsTask();
                foreach (DatasetRecord record in page.Items)
                {
                    yield return record;
                }
            }
        }
        finally
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pages.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Makes ready what runs: what is wrong with its scripts and modules is found before anything is made or changed.</summary>
    private protected void Prepare(RunSettings settings)
    {
        _runner = new ExperimentRunner(this, Bridge, Client);
        _runner.Prepare(settings);
    }

    /// <summary>Runs what was prepared, and writes what came of it.</summary>
    private protected void Run(RunPlan plan)
    {
        using ResultFileWriter? file = plan.File;
        using ExperimentRunner runner = _runner!;
        _runner = null;
        if (runner.Run(plan with { Given = [.. GivenAgain.Where(CommandLine.Contains)] }) is ExperimentRun run)
        {
            WriteObject(run);
            runner.Report(run);
        }
    }

    /// <summary>The experiment's page in Datadog's web application; null if the service is none of Datadog's sites.</summary>
    private protected Uri? PageOf(string experimentId)
    {
        Uri api = Client.Options.BaseUri;
        return !api.IsLoopback && DatadogSite.TryParse(api.Host, out DatadogSite? site)
            ? new Uri($"https://{(site.Name.Count(letter => letter == '.') == 1 ? "app." : string.Empty)}{site.Name}/llm/experiments/{experimentId}")
            : null;
    }
}
