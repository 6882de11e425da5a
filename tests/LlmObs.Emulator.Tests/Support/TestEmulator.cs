using System.Net.Http.Headers;
using System.Text;
using LlmObs.Emulator.Http;

namespace LlmObs.Emulator.Tests.Support;

/// <summary>An emulator and a plain client for it.</summary>
internal sealed class TestEmulator : IAsyncDisposable
{
    public const string Experiments = "/api/v2/llm-obs/v1/experiments";
    public const string Analytics = "/api/v2/llm-obs/v1/experimentation/analytics";

    private readonly SocketsHttpHandler _handler = new() { UseProxy = false };
    private readonly HttpClient _client;

    public TestEmulator(EmulatorOptions? options = null)
        : this(options ?? new EmulatorOptions(), RequestLimits.Default)
    {
    }

    public TestEmulator(EmulatorOptions options, RequestLimits limits, EmulatorErrorForm errorForm = EmulatorErrorForm.Full, bool takesUnknownIds = true)
    {
        // Tests look for the place of what is wrong, and few of them are about projects.
        Server = EmulatorServer.Start(options with { ErrorForm = errorForm, TakesUnknownIds = takesUnknownIds }, limits);
        _client = new HttpClient(_handler) { BaseAddress = Server.BaseUri, Timeout = TimeSpan.FromSeconds(30) };
    }

    public EmulatorServer Server { get; }

    public EmulatorStore Store => Server.Store;

    public static string EventsOf(string id) => $"{Experiments}/{id}/events";

    public static string ReadEventsOf(string id) => $"/api/v2/llm-obs/v3/experiments/{id}/events";

    public Task<Reply> GetAsync(string path) => SendAsync("GET", path, null);

    public Task<Reply> DeleteAsync(params string[] ids) => PostAsync(
        Experiments + "/delete", Bodies.Data("experiments", $$"""{"experiment_ids":{{System.Text.Json.JsonSerializer.Serialize(ids)}}}"""));

    public Task<Reply> PostAsync(string path, string body) => SendAsync("POST", path, Encoding.UTF8.GetBytes(body));

    public Task<Reply> PatchAsync(string id, string attributes) =>
        SendAsync("PATCH", $"{Experiments}/{id}", Encoding.UTF8.GetBytes(Bodies.Data("experiments", attributes)));

    public Task<Reply> CreateAsync(string attributes) => PostAsync(Experiments, Bodies.Data("experiments", attributes));

    /// <summary>Makes an experiment and gives its id.</summary>
    public async Task<string> ExperimentAsync(string name = "run", string more = "")
    {
        Reply reply = await CreateAsync($$"""{"name":"{{name}}","project_id":"project"{{more}}}""");
        Assert.Equal(200, reply.Status);
        return reply.Data.GetProperty("id").GetString()!;
    }

    public Task<Reply> PushAsync(string id, string attributes, string type = "events") =>
        PostAsync(EventsOf(id), Bodies.Data(type, attributes));

    public Task<Reply> AggregateAsync(string aggregate) =>
        PostAsync(Analytics, Bodies.Data("experimentation", $$"""{"aggregate":{{aggregate}}}"""));

    public async Task<Reply> SendAsync(
        string method, string path, byte[]? body, Action<HttpRequestMessage>? change = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        change?.Invoke(request);
        using HttpResponseMessage response = await _client.SendAsync(request, cancellation);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply((int)response.StatusCode, answer, response.Content.Headers.ContentType?.MediaType, headers);
    }

    /// <summary>Asserts that the emulator still does its work.</summary>
    public async Task MustServeAsync()
    {
        string id = await ExperimentAsync("still-there");
        Assert.NotNull(Store.FindExperiment(id));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _handler.Dispose();
        await Server.DisposeAsync();
    }
}
