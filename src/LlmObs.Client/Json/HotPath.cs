using System.Runtime.CompilerServices;

namespace LlmObs.Client.Json;

/// <summary>
/// Marks what runs for every row. A session sends one file and ends, so .NET's usual way (slow code first, counted code next,
/// fast code after some tenths of a second) is still under way when the work is done; these methods are fast from their first call.
/// </summary>
public static class HotPath
{
    /// <summary>For <see cref="MethodImplAttribute"/>.</summary>
    public const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization;
}
