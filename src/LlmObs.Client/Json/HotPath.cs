using System.Runtime.CompilerServices;

namespace LlmObs.Client.Json;

/// <summary>
/// Marks methods that run for every row of a file. A session sends one file and ends, so .NET's usual way (slow code first,
/// counted code next, fast code after some tenths of a second) is still under way when the work is done; these methods are fast
/// from their first call. The price: ReadyToRun leaves them out, so each is compiled in the process that first calls it, and
/// none is ever optimized for what it has seen. Where a mark brought nothing it was taken away; bench/README.md has the figures.
/// </summary>
public static class HotPath
{
    /// <summary>For <see cref="MethodImplAttribute"/>.</summary>
    public const MethodImplOptions FullyOptimized = MethodImplOptions.AggressiveOptimization;
}
