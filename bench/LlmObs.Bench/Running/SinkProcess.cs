using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace LlmObs.Bench.Running;

/// <summary>A running sink.</summary>
internal sealed class SinkProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    private SinkProcess(Process process, int port)
    {
        _process = process;
        BaseUri = $"http://127.0.0.1:{port}/";
    }

    public string BaseUri { get; }

    /// <summary>The address for events from a program that knows only the host and port.</summary>
    public string EventsUri => BaseUri + "api/v2/llm-obs/v1/experiments/bench/events";

    /// <exception cref="BenchException">It did not start.</exception>
    public static async Task<SinkProcess> StartAsync(params string[] arguments)
    {
        Process process = MeasuredProgram.Start("dotnet", [Workplace.Beside("LlmObs.Bench.Sink.dll"), .. arguments]);
        using var time = new CancellationTokenSource(StartLimit);
        string? line = await process.StandardOutput.ReadLineAsync(time.Token);
        return line?.Split(' ') is ["port", string port]
            ? new SinkProcess(process, int.Parse(port, CultureInfo.InvariantCulture))
            : throw new BenchException($"The sink did not start: {line}{await process.StandardError.ReadToEndAsync(time.Token)}");
    }

    public async Task<SinkCounts> CountAsync() =>
        await _client.GetFromJsonAsync<SinkCounts>(BaseUri) ?? throw new BenchException("The sink did not say what it has counted.");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await MeasuredProgram.EndAsync(_process);
    }
}
