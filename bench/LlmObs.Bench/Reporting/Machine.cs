using System.Globalization;
using System.Runtime.InteropServices;
using LlmObs.Bench.Running;

namespace LlmObs.Bench.Reporting;

/// <summary>The machine of the measurement, without anything that identifies its owner.</summary>
internal static class Machine
{
    public static IReadOnlyList<string> Describe(PowerShell powerShell, NodeClient node, string load) =>
    [
        $"{Processor()}, {Environment.ProcessorCount} cores, {(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9).ToString("0", CultureInfo.InvariantCulture)} GB of memory",
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
        $".NET {Environment.Version}, PowerShell {powerShell.Version}, {(node.Missing is null ? $"Node {node.NodeVersion}, @datadog/datadog-api-client {node.ClientVersion}" : "no Node")}",
        ModuleBuild.IsPrecompiled ? "the module's dependencies compiled for this runtime" : "the module's dependencies compiled as they run: the compiler for this runtime could not be had",
        load,
    ];

    /// <summary>The load of the machine before anything was started, if it is known.</summary>
    public static string Load() => OperatingSystem.IsLinux()
        ? $"load average before the start: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
        : "load before the start: not known";

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? model = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return model ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
