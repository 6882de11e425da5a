namespace LlmObs.PowerShell.Running;

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
