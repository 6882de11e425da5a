namespace LlmObs.PowerShell.Sending;

/// <summary>A spool once sending was stopped.</summary>
internal static class StoppedSpool
{
    /// <summary>The warning about the rest; it does not wait for a disk that stalls.</summary>
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
