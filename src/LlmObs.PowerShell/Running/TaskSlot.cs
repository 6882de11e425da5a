using System.Management.Automation;
using System.Management.Automation.Runspaces;
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

    private readonly RunEngine engine;
    private readonly Thread thread;
    private readonly Action<RowScripts>? only;
    private readonly object gate = new();
    private Runspace? runspace;
    private System.Management.Automation.PowerShell? shell;
    private RowScripts? scripts;
    private WorkItem? current;
    private bool isDone;
    private bool isStopping;
    private bool isAbandoned;

    /// <param name="engine">Whose rows it runs.</param>
    /// <param name="only">What it does in the place of running rows, once.</param>
    public TaskSlot(RunEngine engine, Action<RowScripts>? only = null)
    {
        this.engine = engine;
        this.only = only;
        thread = new Thread(Run) { IsBackground = true, Name = "LlmObs task" };
    }

    private RunSettings Settings => engine.Settings;

    public void Start() => thread.Start();

    /// <summary>Ends what runs, without waiting for it.</summary>
    public void Stop()
    {
        lock (gate)
        {
            isStopping = true;
            StopPipeline();
        }
    }

    /// <returns>Whether the thread has ended.</returns>
    public bool Join(TimeSpan limit) => thread.Join(limit);

    /// <summary>Runs rows until there are none any more; called inside of the slot's pipeline.</summary>
    public void RunRows()
    {
        if (only is not null)
        {
            isDone = true;
            only(scripts!);
            return;
        }

        while (!isStopping && !isAbandoned)
        {
            if (!engine.Queue.TryTake(out WorkItem item))
            {
                isDone = true;
                return;
            }

            engine.WaitToBegin();
            current = item;
            item.BeginAttempt();
            using ITimer? limit = Settings.TaskTimeout is TimeSpan longest
                ? Settings.Time.CreateTimer(_ => OnTimeout(item), null, longest, Timeout.InfiniteTimeSpan)
                : null;
            AttemptResult result = scripts!.RunTask(item);
            if (!item.TrySettle())
            {
                // It ended just when its time did: the pipeline is about to be stopped, and must not take another row.
                if (TryLeave(item))
                {
                    engine.SettleTimeout(item);
                }

                return;
            }

            limit?.Dispose();
            engine.Settle(item, result, scripts);
            current = null;
            shell!.Streams.ClearStreams();
        }
    }

    private void Run()
    {
        try
        {
            Open();
            do
            {
                RunPipeline();
            }
            while (!isDone && !isStopping && !isAbandoned);
        }
        catch (Exception e)
        {
            engine.Fail(e);
        }
        finally
        {
            if (!isAbandoned)
            {
                engine.OnSlotEnded();
            }

            runspace?.Dispose();
        }
    }

    private void Open()
    {
        runspace = RunspaceFactory.CreateRunspace(engine.InitialState);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        foreach ((string name, object? value) in Settings.Variables)
        {
            runspace.SessionStateProxy.SetVariable(name, value);
        }

        if (Settings.Location is not null)
        {
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(Settings.Location));
        }

        foreach (string module in Settings.Modules)
        {
            Prepare($"The module '{module}' can't be imported", step => step.AddCommand("Import-Module").AddParameter("Name", module).AddParameter("ErrorAction", ActionPreference.Stop));
        }

        if (Settings.Initialization is not null)
        {
            Prepare("The initialization script failed", step => step.AddScript(Settings.Initialization.Text, useLocalScope: false));
        }

        scripts = new RowScripts(Settings, runspace);
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
        begun.Runspace = runspace;
        begun.Streams.Warning.DataAdding += (_, added) => engine.Say((to, id) => to.WriteWarning($"{id}{added.ItemAdded}"), current);
        begun.Streams.Verbose.DataAdding += (_, added) => engine.Say((to, id) => to.WriteVerbose($"{id}{added.ItemAdded}"), current);
        begun.Streams.Error.DataAdding += (_, added) => engine.Say((to, id) => to.WriteWarning($"{id}{added.ItemAdded}"), current);
        begun.Streams.Information.DataAdding += (_, added) => engine.SayInformation((InformationRecord)added.ItemAdded, current);
        lock (gate)
        {
            shell = begun;
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
            // By its time limit or by the end of the run; the row that it was at is settled by whoever stopped it.
        }
        finally
        {
            lock (gate)
            {
                shell = null;
            }
        }

        if (current is WorkItem stopped && TryLeave(stopped))
        {
            if (!isStopping && stopped.TrySettle())
            {
                engine.SettleStopped(stopped);
            }
            else if (!isStopping)
            {
                engine.SettleTimeout(stopped);
            }
        }
    }

    private void OnTimeout(WorkItem item)
    {
        if (!item.TrySettle())
        {
            return;
        }

        lock (gate)
        {
            StopPipeline();
        }

        _ = Settings.Time.CreateTimer(_ => GiveUp(item), null, Grace, Timeout.InfiniteTimeSpan);
    }

    // What runs does not heed the stop, as a call into other code does not: its row is settled, and the slot goes on elsewhere.
    private void GiveUp(WorkItem item)
    {
        lock (gate)
        {
            if (!ReferenceEquals(current, item) || isStopping)
            {
                return;
            }

            isAbandoned = true;
            current = null;
        }

        engine.SettleTimeout(item);
        engine.Replace(this);
    }

    /// <summary>Leaves the present row.</summary>
    /// <returns>False if the slot was given up meanwhile, and the row settled.</returns>
    private bool TryLeave(WorkItem item)
    {
        lock (gate)
        {
            bool isHere = !isAbandoned && ReferenceEquals(current, item);
            current = null;
            return isHere;
        }
    }

    private void StopPipeline()
    {
        try
        {
            shell?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
