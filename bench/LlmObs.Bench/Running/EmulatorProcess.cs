using System.Diagnostics;
using System.Text.Json;

namespace LlmObs.Bench.Running;

/// <summary>A running emulator, in a process of its own.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private EmulatorProcess(Process process, string baseUri)
    {
        _process = process;
        BaseUri = baseUri;
    }

    public string BaseUri { get; }

    /// <exception cref="BenchException">It did not start.</exception>
    public static async Task<EmulatorProcess> StartAsync(PowerShell powerShell)
    {
        Command command = powerShell.Command("Start-Emulator.ps1", ("Module", Workplace.ModuleManifest));
        Process process = MeasuredProgram.Start(command.Program, command.Arguments);
        using var time = new CancellationTokenSource(AnswerLimit);
        string? line = await process.StandardOutput.ReadLineAsync(time.Token);
        return line is not null
            ? new EmulatorProcess(process, line)
            : throw new BenchException($"The emulator did not start: {await process.StandardError.ReadToEndAsync(time.Token)}");
    }

    /// <summary>Its memory after a garbage collection, and its peak, in bytes.</summary>
    public async Task<EmulatorMemory> MeasureAsync()
    {
        await _process.StandardInput.WriteLineAsync("memory");
        await _process.StandardInput.FlushAsync();
        using var time = new CancellationTokenSource(AnswerLimit);
        string line = await _process.StandardOutput.ReadLineAsync(time.Token) ?? throw new BenchException("The emulator has ended.");
        return JsonSerializer.Deserialize<EmulatorMemory>(line, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync() => await MeasuredProgram.EndAsync(_process);
}

/// <summary>The memory of an emulator, in bytes.</summary>
/// <param name="Now">The memory of its process after a garbage collection.</param>
/// <param name="Peak">The most that its process held until then.</param>
internal sealed record EmulatorMemory(long Now, long Peak);
