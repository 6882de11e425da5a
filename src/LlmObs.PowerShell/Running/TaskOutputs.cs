using LlmObs.Evaluation.Results;

namespace LlmObs.PowerShell.Running;

/// <summary>Gets the output of a task: that of an earlier run, one from the cache, or a new one.</summary>
internal sealed class TaskOutputs(RunSettings settings, AsyncPipelineBridge bridge)
{
    private readonly OutputCache? _cache = settings.CacheFolder is null ? null : new OutputCache(settings.CacheFolder, settings.TaskIdentity, settings.Config);
    private int _hasCacheFailed;

    /// <summary>Runs the task, unless its output is known already.</summary>
    public AttemptResult Get(WorkItem item, RowScripts scripts)
    {
        scripts.ForgetPrograms();
        if (item.Stored is ResultRow stored)
        {
            return AttemptResult.Of(stored);
        }

        if (_cache is null)
        {
            return scripts.RunTask(item);
        }

        if (item.Cached is not null)
        {
            if (settings.IsVerbose)
            {
                bridge.Post(to => to.WriteVerbose($"{item.Record.Id}: the output is taken from '{_cache.FileOf(item.Record, item.Iteration)}', and the task is not run"));
            }

            return item.Cached;
        }

        AttemptResult result = scripts.RunTask(item);
        if (result.Error is null && !scripts.IsInterrupted)
        {
            Keep(_cache.FileOf(item.Record, item.Iteration), result);
        }

        return result;
    }

    /// <summary>Looks up a known output; then the row begins at once, whatever the rate is.</summary>
    public bool IsKnown(WorkItem item)
    {
        item.Cached = item.Stored is null && _cache is not null ? OutputCache.Find(_cache.FileOf(item.Record, item.Iteration), settings.Time.GetUtcNow()) : null;
        return item.Cached is not null;
    }

    private void Keep(string file, AttemptResult result)
    {
        try
        {
            OutputCache.Keep(file, result);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _hasCacheFailed, 1) == 0)
            {
                bridge.Post(to => to.WriteWarning(Warnings.NotCached(file, e)));
            }
        }
    }
}
