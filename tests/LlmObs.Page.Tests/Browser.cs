using System.Diagnostics;
using System.Net.WebSockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlmObs.Testing;

namespace LlmObs.Page.Tests;

/// <summary>Chromium without a window, driven by its DevTools protocol over a loopback socket. One for all tests.</summary>
public sealed partial class Browser
{
    private readonly string _profile = Directory.CreateTempSubdirectory("llmobs-browser-").FullName;
    private Process? _process;
    private string _address = string.Empty;

    public static string Executable { get; } =
        typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "Chromium").Value!;

    public async Task InitializeAsync()
    {
        string[] arguments =
        [
            "--headless", "--disable-gpu", "--no-first-run", "--no-sandbox", "--disable-dev-shm-usage", "--remote-debugging-port=0",
            $"--user-data-dir={_profile}", "about:blank",
        ];
        _process = ChildProcess.Start(Executable, arguments, _profile);
        _ = _process.StandardOutput.ReadToEndAsync(); // no pipe must fill up
        while (await _process.StandardError.ReadLineAsync() is string line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _address = match.Groups[1].Value;
                _ = _process.StandardError.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException($"{Executable} did not start.");
    }

    /// <summary>Opens a file in a tab of its own.</summary>
    public async Task<Tab> OpenAsync(string file, string scheme = "light", int width = 1300)
    {
        Tab tab = await Tab.ConnectAsync(_address);
        await tab.SendAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 1000, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await tab.EmulateAsync(scheme);
        await tab.NavigateAsync(new Uri(file).AbsoluteUri);
        return tab;
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await ChildProcess.EndAsync(_process);
            _process.Dispose();
        }

        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A child that is just ending may still write there; the system clears the temporary folder.
        }
    }

    [GeneratedRegex(@"DevTools listening on (ws://\S+)")]
    private static partial Regex Listening();
}

/// <summary>A tab, and what went wrong in it.</summary>
public sealed class Tab : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> _answers = [];
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _session;
    private string? _target;
    private int _last;

    private Tab()
    {
    }

    /// <summary>Errors of scripts, refusals of the page's policy, and the output of the console.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Every address that was asked for.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<Tab> ConnectAsync(string address)
    {
        Tab tab = new();
        await tab._socket.ConnectAsync(new Uri(address), CancellationToken.None);
        _ = tab.ListenAsync();
        tab._target = (string)(await tab.SendAsync("Target.createTarget", new() { ["url"] = "about:blank" }))["targetId"]!;
        tab._session = (string)(await tab.SendAsync("Target.attachToTarget", new() { ["targetId"] = tab._target, ["flatten"] = true }))["sessionId"]!;
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Network" })
        {
            await tab.SendAsync($"{domain}.enable");
        }

        return tab;
    }

    public async Task EmulateAsync(string scheme, string media = "screen") => await SendAsync("Emulation.setEmulatedMedia", new()
    {
        ["media"] = media,
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
    });

    public async Task NavigateAsync(string address)
    {
        await SendAsync("Page.navigate", new() { ["url"] = address });
        await _loaded.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The value of an expression of JavaScript.</summary>
    public async Task<JsonNode?> AskAsync(string script)
    {
        JsonNode answer = await SendAsync("Runtime.evaluate", new() { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is JsonNode failed
            ? throw new InvalidOperationException($"{script}: {failed["exception"]?["description"] ?? failed["text"]}")
            : answer["result"]!["value"];
    }

    public async Task<string> TextAsync(string script) => (string?)await AskAsync(script) ?? string.Empty;

    /// <summary>Chooses or types a value as a person would, with the events of the page.</summary>
    public Task SetAsync(string id, string value) => AskAsync(
        $"{{ const it = document.getElementById({JsonSerializer.Serialize(id)}); it.value = {JsonSerializer.Serialize(value)}; it.dispatchEvent(new Event('input', {{ bubbles: true }})); }}");

    public async Task PressAsync(string key)
    {
        foreach (string type in new[] { "rawKeyDown", "keyUp" })
        {
            await SendAsync("Input.dispatchKeyEvent", new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = CodeOf(key) });
        }
    }

    public async Task<byte[]> PrintAsync() => Convert.FromBase64String((string)(await SendAsync("Page.printToPDF"))["data"]!);

    public async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null)
    {
        TaskCompletionSource<JsonNode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        JsonObject message = new() { ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null)
        {
            message["sessionId"] = _session;
        }

        lock (_answers)
        {
            message["id"] = ++_last;
            _answers.Add(_last, answer);
        }

        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return await answer.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        _session = null;
        await SendAsync("Target.closeTarget", new() { ["targetId"] = _target });
        _socket.Abort();
        _socket.Dispose();
    }

    private static int CodeOf(string key) => key switch { "ArrowDown" => 40, "ArrowUp" => 38, "ArrowLeft" => 37, "ArrowRight" => 39, "Escape" => 27, "Tab" => 9, _ => 0 };

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                using MemoryStream whole = new();
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                    whole.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);

                Take(JsonNode.Parse(whole.ToArray())!);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The tab is closed.
        }
    }

    private void Take(JsonNode message)
    {
        if ((int?)message["id"] is int id)
        {
            lock (_answers)
            {
                _answers.Remove(id, out TaskCompletionSource<JsonNode>? waiting);
                if (message["error"] is JsonNode error)
                {
                    waiting?.SetException(new InvalidOperationException(error.ToJsonString()));
                }
                else
                {
                    waiting?.SetResult(message["result"]!);
                }
            }

            return;
        }

        JsonNode? told = message["params"];
        switch ((string?)message["method"])
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Runtime.exceptionThrown":
                Problems.Add(told!["exceptionDetails"]!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" or "Log.entryAdded":
                Problems.Add(told!.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                Requests.Add((string)told!["request"]!["url"]!);
                break;
        }
    }
}
