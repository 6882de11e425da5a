namespace LlmObs.PowerShell.Sending;

/// <summary>A spool once sending was stopped.</summary>
internal static class StoppedSpool
{
    /// <summary>Where the rest is; a disk that stalls is not waited for.</summary>
    public static string WhatIsLeft(EventSpool spool)
    {
        string said = Warnings.StoppedSpoolStalls(spool.FolderPath);
        AsyncPipelineBridge.TryFinish(
            _ => Task.Run(() =>
            {
                try
                {
                    said = Warnings.StoppedSpool(spool.FolderPath, spool.CountLeft());
                }
                catch (SpoolException e)
                {
                    said = Warnings.StoppedSpoolUnreadable(e);
                }
            }, CancellationToken.None),
            TimeSpan.FromSeconds(1));
        return said;
    }
}
