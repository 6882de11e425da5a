using System.Diagnostics;

namespace LlmObs.Testing;

/// <summary>Waits for what a test has set off.</summary>
internal static class Wait
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Waits until something is so. What never comes is an error.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                throw new TimeoutException($"Nothing came in {Longest}.");
            }

            await Task.Yield();
        }
    }
}
