using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net.Http.Headers;
using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>
/// A thread with a runspace of its own, in which tasks and evaluators run one after the other. Its runspace is prepared once.
/// A task that goes over its time is stopped, and with it the pipeline; the next row gets a new pipeline in the same runspace.
/// If it can't be stopped, the slot is given up and another one takes its place.
/// </summary>
internal sealed class TaskSlot
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2); // for a task that was told to stop

    private readonly RunEngine _engine;
    private readonly Thread _thread;
    private readonly Action<RowScripts>? _only;
    private readonly object _gate = new();
    private Runspace? _runspace;
    private System.Management.Automation.PowerShell? _shell;
    private RowScripts? _scripts;
    private WorkItem? _current;
    private bool _isDone;
    private bool _isStopping;
    private bool _isAbandoned;

    /// <param name="engine">The engine whose rows it runs.</param>
    /// <param name="only">An action to do once instead of running rows.</param>
    public TaskSlot(RunEngine engine, Action<RowScripts>? only = null)
    {
        _engine = engine;
        _only = only;
        _thread = new Thread(Run) { IsBackground = true, Name = "LlmObs task" };
    }

    private RunSettings Settings => _engine.Settings;

    public void Start() => _thread.Start();

    /// <summary>Ends what runs, without waiting for it.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            StopPipeline();
        }
    }

    /// <returns>True if the thread has ended.</returns>
    public bool Join(TimeSpan limit) => _thread.Join(limit);

    /// <summary>Runs rows until there are none any more; called inside of the slot's pipeline.</summary>
    public void RunRows()
    {
        if (_only is not null)
        {
            _isDone = true;
            _only(_scripts!);
            return;
        }

        while (!_isStopping && !_isAbandoned)
        {
            if (!_engine.Queue.TryTake(out WorkItem item))
            {
                _isDone = true;
                return;
            }

            if (!_engine.Outputs.IsKnown(item))
            {
                _engine.WaitToBegin();
            }

            _current = item;
            item.BeginAttempt();
            using ITimer? limit = Settings.TaskTimeout is TimeSpan longest
                ? Settings.Time.CreateTimer(_ => OnTimeout(item), null, longest, Timeout.InfiniteTimeSpan)
                : null;
            AttemptResult result = _engine.Outputs.Get(item, _scripts!);
            if (!item.TrySettle())
            {
                // It ended just when its time did: the pipeline is about to be stopped, and must not take another row.
                if (TryLeave(item))
                {
                    _engine.SettleTimeout(item);
                }

                return;
            }

            limit?.Dispose();
            if (!_engine.TrySettle(item, result, _scripts!))
            {
                _isStopping = true;
                return;
            }

            _current = null;
            _shell!.Streams.ClearStreams();
        }
    }

    private void Run()
    {
        try
        {
            Open();
            _engine.OnSlotPrepared(_scripts!);
            do
            {
                RunPipeline();
            }
            while (!_isDone && !_isStopping && !_isAbandoned);
        }
        catch (Exception e)
        {
            _engine.Fail(e);
        }
        finally
        {
            if (!_isAbandoned)
            {
                _engine.OnSlotEnded();
            }

            _runspace?.Dispose();
        }
    }

    private void Open()
    {
        _runspace = RunspaceFactory.CreateRunspace(_engine.InitialState);
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        foreach ((string name, object? value) in Settings.Variables)
        {
            _runspace.SessionStateProxy.SetVariable(name, value);
        }

        if (Settings.Location is not null)
        {
            _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(Settings.Location));
        }

        foreach (string module in Settings.Modules)
        {
            Prepare($"The module '{module}' can't be imported", step => step.AddCommand("Import-Module").AddParameter("Name", module).AddParameter("ErrorAction", ActionPreference.Stop));
        }

        if (Settings.Initialization is not null)
        {
            Prepare("The initialization script failed", step => step.AddScript(Settings.Initialization.Text, useLocalScope: false));
        }

        _scripts = new RowScripts(Settings, _runspace);
    }

    private void Prepare(string problem, Action<System.Management.Automation.PowerShell> build)
    {
        using System.Management.Automation.PowerShell step = Begin();
        build(step);
        try
        {
            step.Invoke();
        }
        catch (Exception e) when (e is RuntimeException and not PipelineStoppedException)
        {
            throw new RunPreparationException($"{problem}: {TaskError.Of(e, "script").Message}", e);
        }
    }

    private System.Management.Automation.PowerShell Begin()
    {
        System.Management.Automation.PowerShell begun = System.Management.Automation.PowerShell.Create();
        begun.Runspace = _runspace;
        begun.Streams.Warning.DataAdding += (_, added) => _engine.Say((to, id) => to.WriteWarning(id + added.ItemAdded), _current);
        begun.Streams.Verbose.DataAdding += (_, added) => _engine.Say((to, id) => to.WriteVerbose($"{id}{added.ItemAdded}"), _current);
        begun.Streams.Error.DataAdding += (_, added) => _engine.Say((to, id) => to.WriteWarning(id + added.ItemAdded), _current);
        begun.Streams.Information.DataAdding += (_, added) => _engine.SayInformation((InformationRecord)added.ItemAdded, _current);
        lock (_gate)
        {
            _shell = begun;
        }

        return begun;
    }

    private void RunPipeline()
    {
        using System.Management.Automation.PowerShell rows = Begin();
        rows.AddCommand(SlotCommand.Name).AddParameter(nameof(SlotCommand.Slot), this);
        try
        {
            rows.Invoke();
        }
        catch (PipelineStoppedException)
        {
            // By its time limit or by the end of the run; the code that stopped it settles its row.
        }
        finally
        {
            lock (_gate)
            {
                _shell = null;
            }
        }

        if (_current is WorkItem stopped && TryLeave(stopped))
        {
            if (!_isStopping && stopped.TrySettle())
            {
                _engine.SettleStopped(stopped);
            }
            else if (!_isStopping)
            {
                _engine.SettleTimeout(stopped);
            }
        }
    }

    private void OnTimeout(WorkItem item)
    {
        if (!item.TrySettle())
        {
            return;
        }

        lock (_gate)
        {
            StopPipeline();
        }

        _ = Settings.Time.CreateTimer(_ => GiveUp(item), null, Grace, Timeout.InfiniteTimeSpan);
    }

    // The running code ignores the stop, as a call into other code does: its row is settled, and the slot continues on another thread.
    private void GiveUp(WorkItem item)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_current, item) || _isStopping)
            {
                return;
            }

            _isAbandoned = true;
            _current = null;
        }

        _engine.SettleTimeout(item);
        _engine.Replace(this);
    }

    /// <summary>Leaves the present row.</summary>
    /// <returns>False if the slot was given up meanwhile, and the row settled.</returns>
    private bool TryLeave(WorkItem item)
    {
        lock (_gate)
        {
            bool isHere = !_isAbandoned && ReferenceEquals(_current, item);
            _current = null;
            return isHere;
        }
    }

    private void StopPipeline()
    {
        try
        {
            _shell?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}

/// <summary>
/// The one command that a slot's pipeline consists of: it runs row after row inside it. A separate pipeline for each row
/// would cost a hundred times as much as a small task, and within one, everything that a task waits for ends with the pipeline.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, Noun)]
internal sealed class SlotCommand : PSCmdlet
{
    public const string Noun = "LlmObsSlot";
    public const string Name = VerbsLifecycle.Invoke + "-" + Noun;

    [Parameter(Mandatory = true)]
    public TaskSlot? Slot { get; set; }

    protected override void ProcessRecord() => Slot!.RunRows();
}

/// <summary>
/// Where a slot's thread waits for a task. It is the slot's own, and neither the pipeline's nor one of the pool: nothing else
/// could run on it meanwhile.
/// </summary>
internal static class SlotWait
{
#pragma warning disable RS0030 // Waiting in AsyncPipelineBridge is for the pipeline's thread.
    public static void For(Task task) => task.GetAwaiter().GetResult();

    public static T For<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030
}

/// <summary>The error of a script, in the words of a row.</summary>
internal static class TaskError
{
    public static RowError Of(Exception exception, string what)
    {
        ErrorRecord? record = (exception as RuntimeException)?.ErrorRecord;
        Exception cause = record?.Exception ?? exception;
        while (cause is MethodInvocationException or GetValueInvocationException or CmdletInvocationException && cause.InnerException is Exception inner)
        {
            cause = inner;
        }

        if (cause.GetType().Name is "BreakException" or "ContinueException" or "ExitException" or "ExitNestedPromptException")
        {
            string word = cause.GetType().Name.Replace("Exception", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
            return new RowError($"The {what} ended with '{word}', which belongs in a loop or a script; use return.", cause.GetType().FullName);
        }

        string message = record?.ErrorDetails?.Message?.Trim() is { Length: > 0 } details
            ? ResponseOf(cause) is null ? details : $"{cause.Message} {details}" // Invoke-RestMethod's details are the answer's body, without the status
            : cause.Message;
        return new RowError(message, cause.GetType().FullName, record?.ScriptStackTrace ?? cause.StackTrace);
    }

    /// <summary>The wait that a service asked for, as Invoke-RestMethod and Invoke-WebRequest pass it on; null for none.</summary>
    public static TimeSpan? RetryAfter(Exception exception, TimeProvider time)
    {
        for (Exception? one = (exception as RuntimeException)?.ErrorRecord?.Exception ?? exception; one is not null; one = one.InnerException)
        {
            if (ResponseOf(one) is { Headers.RetryAfter: RetryConditionHeaderValue wanted })
            {
                TimeSpan? wait = wanted.Delta ?? (wanted.Date - time.GetUtcNow());
                return wait > TimeSpan.Zero ? wait : null;
            }
        }

        return null;
    }

    // HttpResponseException is PowerShell's, and no reference of this project has it.
    private static HttpResponseMessage? ResponseOf(Exception exception) => PSObject.AsPSObject(exception).Properties["Response"]?.Value as HttpResponseMessage;
}
