using System.Buffers;
using System.Text.Json;

namespace LlmObs.Client.Api;

/// <summary>
/// The LLM Observability API for experiments. Each operation is made as a call first, which can be shown, and then sent.
/// Safe to use from several threads; connections are shared.
/// </summary>
public sealed partial class LlmObsClient : IDisposable
{
    private const string ExperimentsPath = "api/v2/llm-obs/v1/experiments";
    private const string AnalyticsPath = "api/v2/llm-obs/v1/experimentation/analytics";

    /// <summary>Makes a client.</summary>
    /// <param name="options">The address and the options.</param>
    /// <exception cref="ArgumentException">The base address is neither https nor loopback, or there is a token and a key.</exception>
    public LlmObsClient(ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.AccessToken is not null && (options.ApiKey ?? options.AppKey) is not null)
        {
            throw new ArgumentException("An access token replaces the keys; both can't be sent.", nameof(options));
        }

        Options = options;
        Transport = new ApiTransport(options);
    }

    /// <summary>The address and the options.</summary>
    public ClientOptions Options { get; }

    internal ApiTransport Transport { get; }

    internal DataTypeNegotiation EventTypes { get; } = new();

    /// <summary>"Create experiment". It is sent again only if the service certainly did not act.</summary>
    /// <param name="draft">The new experiment.</param>
    /// <exception cref="UnwritableValueException">The configuration or metadata can't be written as JSON.</exception>
    public ApiCall<Experiment> CreateExperiment(ExperimentDraft draft) => new(
        Transport,
        HttpMethod.Post,
        ExperimentsPath,
        Body(writer => ExperimentJson.WriteDraft(writer, draft, Options.FreeForm)),
        RetrySafety.OnlyIfNotProcessed,
        answer => Located(answer.ReadJson(root => ExperimentJson.Read(root, Options.FreeForm))));

    /// <summary>"Update experiment".</summary>
    /// <param name="experimentId">Which experiment.</param>
    /// <param name="patch">The changes.</param>
    /// <returns>A call whose answer is null if the service sends none, like the live one.</returns>
    /// <exception cref="UnwritableValueException">The metadata can't be written as JSON.</exception>
    public ApiCall<Experiment?> UpdateExperiment(string experimentId, ExperimentPatch patch) => new(
        Transport,
        HttpMethod.Patch,
        ExperimentPath(experimentId),
        Body(writer => ExperimentJson.WritePatch(writer, patch, Options.FreeForm)),
        RetrySafety.AfterTransientFailure,
        answer => answer.TryReadJson(root => Located(ExperimentJson.Read(root, Options.FreeForm))));

    /// <summary>"Aggregate experimentation".</summary>
    public ApiCall<AggregateResult> Aggregate(AggregateQuery query) => new(
        Transport,
        HttpMethod.Post,
        AnalyticsPath,
        Body(writer => AggregateJson.WriteQuery(writer, query)),
        RetrySafety.Read,
        answer => answer.ReadJson(root => AggregateJson.Read(root, query.Compute, Options.FreeForm)));

    /// <summary>The address for events of an experiment.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <returns>The address of "push events".</returns>
    public Uri EventsAddress(string experimentId) => new(Options.BaseUri, EventsPath(experimentId));

    /// <summary>An experiment's page in Datadog's web application.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <returns>The page; null if the base address is not that of a Datadog site.</returns>
    public Uri? ExperimentPage(string experimentId)
    {
        DatadogSite? site = DatadogSite.Known.FirstOrDefault(known => known.BaseUri == Options.BaseUri);
        return site is null || string.IsNullOrEmpty(experimentId)
            ? null
            : new Uri(site.AppUri, "llm/experiments/" + Segment(experimentId, "experiment"));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => Transport.Dispose();

    internal static string EventsPath(string experimentId) => ExperimentPath(experimentId) + "/events";

    private Experiment Located(Experiment experiment) => experiment with { Url = ExperimentPage(experiment.Id) };

    private Page<Experiment> Located(Page<Experiment> page) => page with { Items = [.. page.Items.Select(Located)] };

    // An id comes from a row or a file: it is one segment of the path, whatever it contains.
    private static string ExperimentPath(string experimentId) => $"{ExperimentsPath}/{Segment(experimentId, "experiment")}";

    private static string Segment(string id, string kind)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        string segment = Uri.EscapeDataString(id);
        return segment is "." or ".." ? throw new ArgumentException($"'{id}' is no {kind} id.", nameof(id)) : segment;
    }

    private ApiCall<T> Get<T>(string path, Func<JsonElement, T> read) =>
        new(Transport, HttpMethod.Get, path, default, RetrySafety.Read, answer => answer.ReadJson(read));

    private static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonDefaults.WriterOptions))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }
}
